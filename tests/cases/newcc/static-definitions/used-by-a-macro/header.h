extern int errno;
#define lamp_syscall(name) \
static inline int name(void) \
{ \
	errno = 1; \
	return -1; \
}
extern int lamps;
#define count(x) (lamps += (x))
