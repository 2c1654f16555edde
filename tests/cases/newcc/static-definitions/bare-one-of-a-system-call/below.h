#define lamp_syscall(name) \
static inline int name(void) \
{ \
	errno = lamps; \
	return -1; \
}
