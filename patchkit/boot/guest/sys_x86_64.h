/* System calls of x86_64. */
#define SYS_read 0
#define SYS_write 1
#define SYS_open 2
#define SYS_close 3
#define SYS_lseek 8
#define SYS_mmap 9
#define SYS_munmap 11
#define SYS_sigaction 13
#define SYS_ioctl 16
#define SYS_pipe 22
#define SYS_nanosleep 35
#define SYS_getpid 39
#define SYS_fork 57
#define SYS_execve 59
#define SYS_exit 60
#define SYS_wait4 61
#define SYS_kill 62
#define SYS_uname 63
#define SYS_mkdir 83
#define SYS_unlink 87
#define SYS_getrusage 98
#define SYS_syslog 103
#define SYS_mknod 133
#define SYS_mlock 149
#define SYS_sync 162
#define SYS_mount 165
#define SYS_swapon 167
#define SYS_swapoff 168
#define SYS_reboot 169
#define SYS_init_module 175
#define SYS_delete_module 176

static inline long syscall6(long number, long one, long two, long three, long four, long five,
			    long six)
{
	register long r10 __asm__("r10") = four;
	register long r8 __asm__("r8") = five;
	register long r9 __asm__("r9") = six;
	long result;

	__asm__ __volatile__("syscall"
			     : "=a"(result)
			     : "0"(number), "D"(one), "S"(two), "d"(three), "r"(r10), "r"(r8), "r"(r9)
			     : "memory", "rcx", "r11", "cc");
	return result;
}

/* the fourth argument is what rt_sigaction wants there: the bytes of a mask */
#define syscall3(number, one, two, three) syscall6(number, one, two, three, 8, 0, 0)
#define syscall5(number, one, two, three, four, five)                                              \
	syscall6(number, one, two, three, four, five, 0)

static inline long sys_mmap(ulong at, ulong length, long access, long flags, long file, ulong offset)
{
	return syscall6(SYS_mmap, at, length, access, flags, file, offset);
}

struct action {
	void (*handler)(int);
	ulong flags;
	void (*restorer)(void);
	ulong mask;
};

#define START                                                                                      \
	"mov (%rsp),%rdi\n\tlea 8(%rsp),%rsi\n\tand $-16,%rsp\n\tcall main\n\t"                    \
	"mov %eax,%edi\n\tmov $60,%eax\n\tsyscall\n"
#define RESTORE "mov $15,%eax\n\tsyscall\n"
