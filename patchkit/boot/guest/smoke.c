/* Processes, memory, signals, pipes and files: does the kernel do what a kernel does? */
#include "sys.h"

static volatile int signalled;

static void on_signal(int number)
{
	signalled = number;
}

void restorer(void);
__asm__(".globl restorer\nrestorer:\n\t" RESTORE);

static int child_status(int child)
{
	int status = -1;

	syscall5(SYS_wait4, child, (long)&status, 0, 0, 0);
	return status;
}

static const char *fork_and_copy(void)
{
	static volatile int shared = 7;
	int child = sys1(fork, 0);

	if (child == 0) {
		shared = 99;
		sys1(exit, shared == 99 ? 3 : 4);
	}
	if (child_status(child) != 3 << 8)
		return "fork: the child's page is not its own";
	return shared == 7 ? NULL : "copy on write: the parent sees the child's write";
}

static const char *exec_self(void)
{
	int child = sys1(fork, 0);

	if (child == 0) {
		char *arguments[] = { "/init", "exec-me", NULL };
		char *environment[] = { NULL };

		sys3(execve, "/init", arguments, environment);
		sys1(exit, 1);
	}
	return child_status(child) == 42 << 8 ? NULL : "exec: the program did not run";
}

static const char *signals(void)
{
	struct action action = { .handler = on_signal, .flags = 0x04000000, .restorer = restorer };

	if (sys3(sigaction, 10, &action, NULL) < 0)
		return "sigaction failed";
	sys2(kill, sys1(getpid, 0), 10);
	return signalled == 10 ? NULL : "the signal was not delivered";
}

static const char *pipes(void)
{
	int ends[2], child;
	char text[6] = "";

	if (sys1(pipe, ends) < 0)
		return "pipe failed";
	child = sys1(fork, 0);
	if (child == 0) {
		sys3(write, ends[1], "hello", 5);
		sys1(exit, 0);
	}
	sys3(read, ends[0], text, 5);
	child_status(child);
	return same(text, "hello") ? NULL : "the pipe lost its bytes";
}

static const char *files(void)
{
	static char out[8192], in[8192];
	int at, file = sys3(open, "/smoke", O_RDWR | O_CREAT, 0644);

	if (file < 0)
		return "a file can't be made";
	for (at = 0; at < (int)sizeof(out); at++)
		out[at] = at * 7;
	if (sys3(write, file, out, sizeof(out)) != sizeof(out))
		return "a file can't be written";
	sys3(lseek, file, 0, 0);
	sys3(read, file, in, sizeof(in));
	sys1(close, file);
	sys1(unlink, "/smoke");
	for (at = 0; at < (int)sizeof(out); at++)
		if (in[at] != out[at])
			return "the file reads back otherwise";
	return NULL;
}

static const char *physical_memory(void)
{
	int file = sys2(open, "/dev/mem", O_RDONLY);
	long at = sys_mmap(0, 4096, PROT_READ, MAP_SHARED, file, 0xf0000);
	ulong found = 0, offset;

	if (file < 0)
		return "/dev/mem can't be opened";
	if (FAILED(at))
		return "/dev/mem can't be mapped";
	for (offset = 0; offset < 4096; offset++)
		found |= *(volatile unsigned char *)(at + offset);
	return found ? NULL : "the BIOS reads as zeros";
}

static const struct test steps[] = {
	{ "fork", fork_and_copy }, { "exec", exec_self }, { "signals", signals },
	{ "pipes", pipes },	   { "files", files },	  { "dev-mem", physical_memory },
};

const char *test_smoke(void)
{
	const char *wrong, *first = NULL;
	unsigned at;

	for (at = 0; at < sizeof(steps) / sizeof(steps[0]); at++) {
		wrong = steps[at].run();
		report("ROW step=%s passed=%d", steps[at].name, !wrong);
		if (wrong && !first)
			first = wrong;
	}
	return first;
}
