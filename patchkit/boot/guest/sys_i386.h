/* System calls of i386: int $0x80 works everywhere. */
#define SYS_exit 1
#define SYS_fork 2
#define SYS_read 3
#define SYS_write 4
#define SYS_open 5
#define SYS_close 6
#define SYS_unlink 10
#define SYS_execve 11
#define SYS_mknod 14
#define SYS_lseek 19
#define SYS_getpid 20
#define SYS_mount 21
#define SYS_sync 36
#define SYS_kill 37
#define SYS_mkdir 39
#define SYS_pipe 42
#define SYS_ioctl 54
#define SYS_sigaction 67
#define SYS_getrusage 77
#define SYS_swapon 87
#define SYS_reboot 88
#define SYS_mmap 90
#define SYS_munmap 91
#define SYS_syslog 103
#define SYS_wait4 114
#define SYS_swapoff 115
#define SYS_uname 122
#define SYS_create_module 127
#define SYS_init_module 128
#define SYS_delete_module 129
#define SYS_mlock 150
#define SYS_nanosleep 162
#define SYS_query_module 167

/* The kernel may overwrite the slots of its arguments (docs/newcc.md): all argument registers
 * are outputs too. */
static inline long syscall3(long number, long one, long two, long three)
{
	long result;

	__asm__ __volatile__("int $0x80"
			     : "=a"(result), "+b"(one), "+c"(two), "+d"(three)
			     : "0"(number)
			     : "memory", "esi", "edi", "cc");
	return result;
}

static inline long syscall5(long number, long one, long two, long three, long four, long five)
{
	long result;

	__asm__ __volatile__("int $0x80"
			     : "=a"(result), "+b"(one), "+c"(two), "+d"(three), "+S"(four),
			       "+D"(five)
			     : "0"(number)
			     : "memory", "cc");
	return result;
}

static inline long sys_mmap(ulong at, ulong length, long access, long flags, long file, ulong offset)
{
	/* the old call: its six arguments are in memory */
	ulong arguments[6] = { at, length, access, flags, file, offset };

	return syscall3(SYS_mmap, (long)arguments, 0, 0);
}

struct action {
	void (*handler)(int);
	ulong mask, flags;
	void (*restorer)(void);
};

#define START                                                                                      \
	"mov %esp,%eax\n\tlea 4(%eax),%edx\n\tpush %edx\n\tpush (%eax)\n\tcall main\n\t"           \
	"mov %eax,%ebx\n\tmov $1,%eax\n\tint $0x80\n"
#define RESTORE "pop %eax\n\tmov $119,%eax\n\tint $0x80\n"
