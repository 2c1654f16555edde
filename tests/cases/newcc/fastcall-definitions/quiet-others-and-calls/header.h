extern void FASTCALL(wake_up(wait_t *q, int mode));
#define FASTCALL(x) x __attribute__((regparm(3)))
