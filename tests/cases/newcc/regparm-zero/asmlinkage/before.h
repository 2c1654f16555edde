#define asmlinkage CPP_ASMLINKAGE __attribute__((regparm(0)))
