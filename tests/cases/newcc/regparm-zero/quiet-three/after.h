#define FASTCALL(x) x __attribute__((regparm(3)))
