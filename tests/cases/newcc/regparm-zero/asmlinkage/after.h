#define asmlinkage CPP_ASMLINKAGE 
