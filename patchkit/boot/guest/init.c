/* The guest's init: runs the tests that the command line names and reports through the port. */
#include "sys.h"

static const struct test tests[] = {
	{ "smoke", test_smoke },
	{ "reserve-matrix", test_reserve_matrix },
	{ "bttv-as-posted", test_bttv_as_posted },
	{ "swap-pressure", test_swap_pressure },
	{ "modules", test_modules },
};

#define S_IFCHR 0020000
#define S_IFBLK 0060000

static const struct {
	const char *path;
	long kind, number;
} devices[] = {
	{ "/dev/ttyS1", S_IFCHR, 4 << 8 | 65 },	 { "/dev/mem", S_IFCHR, 1 << 8 | 1 },
	{ "/dev/patchkit", S_IFCHR, 240 << 8 }, { "/dev/video0", S_IFCHR, 81 << 8 },
	{ "/dev/hda", S_IFBLK, 3 << 8 },
};

static void make_devices(void)
{
	unsigned at;

	for (at = 0; at < sizeof(devices) / sizeof(devices[0]); at++)
		syscall3(SYS_mknod, (long)devices[at].path, devices[at].kind | 0600, devices[at].number);
}

static void run(const char *name)
{
	const char *wrong = "the guest has no such test";
	unsigned at;

	report("TEST %s", name);
	for (at = 0; at < sizeof(tests) / sizeof(tests[0]); at++)
		if (same(tests[at].name, name))
			wrong = tests[at].run();
	if (!wrong && kernel_crashed())
		wrong = "it ran to its end, in a kernel that has crashed; the console says where";
	if (wrong)
		report("FAIL %s %s", name, wrong);
	else
		report("PASS %s", name);
}

static void run_all(char *names)
{
	char *end;

	while (*names && *names != ' ' && *names != '\n') {
		for (end = names; *end && *end != ',' && *end != ' ' && *end != '\n'; end++)
			;
		if (*end == ',') {
			*end = 0;
			run(names);
			names = end + 1;
		} else {
			*end = 0;
			run(names);
			break;
		}
	}
}

int main(int count, char **arguments)
{
	static char line[2048];
	struct action standard = { .handler = NULL };
	char release[6 * 65], *at;

	if (count > 1 && same(arguments[1], "exec-me"))
		return 42;
	/* keventd of 2.4.0-test12 and later shares init's handlers and ignores SIGCHLD: where it came
	   first, wait4() finds no child. */
	sys3(sigaction, SIGCHLD, &standard, NULL);
	sys2(mkdir, "/proc", 0755);
	sys2(mkdir, "/dev", 0755);
	syscall5(SYS_mount, (long)"proc", (long)"/proc", (long)"proc", 0, 0);
	make_devices();
	report_open();
	sys1(uname, release);
	report("PATCHKIT 1 %s", release + 2 * 65);
	read_file("/proc/cmdline", line, sizeof(line));
	for (at = line; *at; at++)
		if (begins(at, "patchkit.tests="))
			run_all(at + 15);
	report("END");
	sys1(sync, 0);
	pause_ms(20); /* the port's last bytes */
	syscall3(SYS_reboot, 0xfee1dead, 672274793, 0x01234567);
	for (;;)
		pause_ms(1000);
}

__asm__(".globl _start\n_start:\n\t" START);
