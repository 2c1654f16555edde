
extern int lit;
