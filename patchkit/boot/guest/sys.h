/* System calls and a little of libc, without a C library. */
#ifndef PATCHKIT_SYS_H
#define PATCHKIT_SYS_H

typedef __SIZE_TYPE__ size_t;
typedef unsigned long ulong;
#define NULL ((void *)0)

#ifdef __x86_64__
#include "sys_x86_64.h"
#else
#include "sys_i386.h"
#endif

#define O_RDONLY 0
#define O_WRONLY 1
#define O_RDWR 2
#define O_CREAT 0100
#define PROT_READ 1
#define PROT_RW 3
#define MAP_SHARED 1
#define MAP_PRIVATE 2
#define MAP_ANONYMOUS 0x20
#define MAP_FAILED ((char *)-1)
#define SIGCHLD 17

#define sys3(n, a, b, c) syscall3(SYS_##n, (long)(a), (long)(b), (long)(c))
#define sys2(n, a, b) sys3(n, a, b, 0)
#define sys1(n, a) sys3(n, a, 0, 0)

/* what is no error of a call is an address */
#define FAILED(result) ((ulong)(result) > -4096UL)

static inline char *map(void *at, ulong length, long flags, long file, ulong offset)
{
	long result = sys_mmap((ulong)at, length, PROT_RW, flags, file, offset);

	return FAILED(result) ? MAP_FAILED : (char *)result;
}

size_t length(const char *text);
int same(const char *one, const char *two);
int begins(const char *text, const char *with);
void *memset(void *at, int byte, size_t count);
void *memcpy(void *to, const void *from, size_t count);
ulong number_after(const char *text, const char *name);
int read_file(const char *path, char *into, int room);
void pause_ms(int ms);

/* what goes through the port */
void report_open(void);
void report(const char *format, ...); /* %s, %d, %ld and %x, an ulong */

/* Did the kernel complain of a crash of its own? */
int kernel_crashed(void);

/* A test says what it measures with report("ROW ..."), and returns NULL or why it failed. */
struct test {
	const char *name;
	const char *(*run)(void);
};

const char *test_smoke(void);
const char *test_reserve_matrix(void);
const char *test_bttv_as_posted(void);
const char *test_swap_pressure(void);
const char *test_modules(void);

#endif
