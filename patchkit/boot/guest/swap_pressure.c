/* A nopage() mapping under real memory pressure: which faults come back, and is anything lost? */
#include "sys.h"
#include "probe.h"

/* more than the machine has, and less than machine and swap together */
static ulong pressure_pages(void)
{
	static char text[2048];

	read_file("/proc/meminfo", text, sizeof(text));
	return (number_after(text, "MemTotal:") + 4 * 1024) / 4;
}

static ulong faults(void)
{
	long usage[18];

	syscall3(SYS_getrusage, 0, (long)usage, 0);
	return usage[8] + usage[9];
}

static long locked_kb(void)
{
	static char text[2048];

	read_file("/proc/self/status", text, sizeof(text));
	return number_after(text, "VmLck");
}

/* How many of the pages read as they should. */
static int touch(volatile char *mapped)
{
	int at, right = 0;

	for (at = 0; at < MANY; at++)
		right += mapped[at * 4096] == 0x40 + at % 64;
	return right;
}

static int press(void)
{
	ulong pages = pressure_pages(), at;
	char *memory;

	memory = map(NULL, pages * 4096, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (memory == MAP_FAILED)
		return -1;
	for (at = 0; at < pages; at++)
		((volatile char *)memory)[at * 4096] = at;
	sys2(munmap, memory, pages * 4096);
	return 0;
}

static const char *row(int file, int marks)
{
	ulong before, asked, came_back, again;
	long locked[3];
	int first, right;
	char *mapped;

	if (sys3(ioctl, file, DO_SETUP, ROW_NOPAGE | ROW_VMALLOC | marks) < 0)
		return "the probe could not set up";
	locked[0] = locked_kb();
	mapped = map(NULL, MANY * 4096, MAP_SHARED, file, 0);
	if (mapped == MAP_FAILED)
		return "mmap failed";
	first = touch(mapped);
	asked = sys3(ioctl, file, DO_FAULTS, 0);
	locked[1] = locked_kb();
	if (press() < 0)
		return "no memory for the pressure";
	faults(); /* brings the test's own pages back in */
	before = faults();
	right = touch(mapped);
	came_back = faults() - before;
	again = sys3(ioctl, file, DO_FAULTS, 0) - asked;
	sys2(munmap, mapped, MANY * 4096);
	locked[2] = locked_kb();
	report("ROW vm_reserved=%d vm_locked=%d pages=%d first_faults=%ld faults_after_pressure=%ld "
	       "nopage_after_pressure=%ld right=%d locked_kb=%ld/%ld/%ld",
	       !!(marks & ROW_VMA), !!(marks & ROW_LOCKED), MANY, asked, came_back,
	       again, right, locked[0], locked[1], locked[2]);
	sys3(ioctl, file, DO_TEARDOWN, 0);
	if (first != MANY || right != MANY)
		return "pages were lost";
	if (marks == ROW_VMA && again && sys3(ioctl, file, DO_NATIVE, 0))
		return "a reserved vma was unmapped";
	if (marks == 0 && !again)
		return "no page was unmapped: the pressure was none";
	if (marks != ROW_LOCKED && (locked[1] != locked[0] || locked[2] != locked[0]))
		return "the locked-page statistics changed";
	return NULL;
}

const char *test_swap_pressure(void)
{
	static const int rows[] = { 0, ROW_VMA, ROW_LOCKED };
	int file = sys2(open, "/dev/patchkit", O_RDWR);
	const char *wrong = NULL;
	unsigned at;

	if (file < 0)
		return "the probe is not in the image; build with --probes";
	if (sys2(swapon, "/dev/hda", 0) < 0)
		return "no swap on /dev/hda";
	/*
	 * No fork: 2.4.0-test10-pre4 stops at BUG where it finds a dirty page a second time, shared by
	 * a fork (docs/founding-claims.md). VM_LOCKED is last: it leaves its statistics wrong.
	 */
	for (at = 0; at < 3 && !wrong; at++)
		wrong = row(file, rows[at]);
	sys1(swapoff, "/dev/hda");
	return wrong;
}
