/* The mail's demonstration: bttv without page reservation, its vma marked instead. */
#include "sys.h"

#define PAGES 8

static const char *const names[] = { "", "as-posted", "safe", "as-it-was" };

static const char *form(int file, int which)
{
	char *mapped;
	int at, marked, seen = 0, reach = 0;

	if (sys3(ioctl, file, 1, which) < 0)
		return "the probe could not set up";
	mapped = map(NULL, PAGES * 4096, MAP_SHARED, file, 0);
	if (mapped == MAP_FAILED)
		return "mmap failed";
	marked = sys3(ioctl, file, 3, mapped);
	for (at = 0; at < PAGES; at++)
		seen += ((volatile char *)mapped)[at * 4096] == 0x5a;
	for (at = 0; at < PAGES; at++) {
		((volatile char *)mapped)[at * 4096 + 9] = 0x11;
		reach += sys3(ioctl, file, 2, at * 4096 + 9) == 0x11;
	}
	sys2(munmap, mapped, PAGES * 4096);
	report("ROW form=%s vma_reserved=%d pages=%d visible=%d writes_reach=%d", names[which],
	       marked, PAGES, seen, reach);
	if (which == 1)
		return seen || reach ? "as posted, the mapping is there" : NULL;
	return seen == PAGES && reach == PAGES ? NULL : "a mapping with reserved pages is lost";
}

const char *test_bttv_as_posted(void)
{
	int file = sys2(open, "/dev/video0", O_RDWR), which;
	const char *wrong, *first = NULL;

	if (file < 0)
		return "no V4L probe in the image; build a configuration with videodev in the kernel, and --probes";
	for (which = 1; which <= 3; which++) {
		wrong = form(file, which);
		if (wrong && !first)
			first = wrong;
	}
	sys1(close, file);
	return first;
}
