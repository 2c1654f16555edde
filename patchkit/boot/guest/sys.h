/* System calls and a little of libc for i386, without a C library: int $0x80 works everywhere. */
#ifndef PATCHKIT_SYS_H
#define PATCHKIT_SYS_H

typedef unsigned int size_t;
typedef unsigned long ulong;
#define NULL ((void *)0)

#define SYS_exit 1
#define SYS_fork 2
#define SYS_read 3
#define SYS_write 4
#define SYS_open 5
#define SYS_close 6
#define SYS_execve 11
#define SYS_lseek 19
#define SYS_getpid 20
#define SYS_mount 21
#define SYS_kill 37
#define SYS_mkdir 39
#define SYS_pipe 42
#define SYS_ioctl 54
#define SYS_sigaction 67
#define SYS_unlink 10
#define SYS_sync 36
#define SYS_swapon 87
#define SYS_reboot 88
#define SYS_mmap 90
#define SYS_munmap 91
#define SYS_wait4 114
#define SYS_swapoff 115
#define SYS_uname 122
#define SYS_mlock 150
#define SYS_nanosleep 162

#define O_RDONLY 0
#define O_WRONLY 1
#define O_RDWR 2
#define O_CREAT 0100
#define PROT_RW 3
#define MAP_SHARED 1
#define MAP_PRIVATE 2
#define MAP_ANONYMOUS 0x20
#define MAP_FAILED ((char *)-1)

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

#define sys3(n, a, b, c) syscall3(SYS_##n, (long)(a), (long)(b), (long)(c))
#define sys2(n, a, b) sys3(n, a, b, 0)
#define sys1(n, a) sys3(n, a, 0, 0)

static inline char *map(void *at, ulong length, long flags, long file, ulong offset)
{
	/* the old call: its six arguments are in memory */
	ulong arguments[6] = { (ulong)at, length, PROT_RW, flags, file, offset };
	ulong result = sys1(mmap, arguments);

	return result > 0xfffff000UL ? MAP_FAILED : (char *)result;
}

size_t length(const char *text);
int same(const char *one, const char *two);
int begins(const char *text, const char *with);
void *memset(void *at, int byte, size_t count);
void *memcpy(void *to, const void *from, size_t count);
ulong number_after(const char *text, const char *name);
int read_file(const char *path, char *into, int room);
void pause_ms(int ms);

/* report.c: what goes through the port */
void report_open(void);
void report(const char *format, ...); /* %s, %d and %x */

/* A test says what it measures with report("ROW ..."), and returns NULL or why it failed. */
struct test {
	const char *name;
	const char *(*run)(void);
};

const char *test_smoke(void);
const char *test_reserve_matrix(void);
const char *test_bttv_as_posted(void);
const char *test_swap_pressure(void);

#endif
