/* Which marks make a driver's buffer visible through remap_page_range(), and what munmap does. */
#include "sys.h"
#include "probe.h"

static const char *row(int file, int marks)
{
	int counts[2][PAGES], at, remapped, ptes, visible, reaches;
	char *mapped;

	if (sys3(ioctl, file, DO_SETUP, marks) < 0)
		return "the probe could not set up";
	for (at = 0; at < PAGES; at++)
		counts[0][at] = sys3(ioctl, file, DO_COUNT, at);
	mapped = map(NULL, PAGES * 4096, MAP_SHARED, file, 0);
	if (mapped == MAP_FAILED)
		return "mmap failed";
	remapped = sys3(ioctl, file, DO_REMAPPED, 0);
	ptes = sys3(ioctl, file, DO_PTES, 0);
	visible = ((volatile char *)mapped)[0] == 0x40 &&
		  ((volatile char *)mapped)[3 * 4096] == 0x43;
	((volatile char *)mapped)[4096 + 5] = 0x77;
	reaches = sys3(ioctl, file, DO_BYTE, 4096 + 5) == 0x77;
	sys2(munmap, mapped, PAGES * 4096);
	for (at = 0; at < PAGES; at++)
		counts[1][at] = sys3(ioctl, file, DO_COUNT, at);
	sys3(ioctl, file, DO_TEARDOWN, 0);
	report("ROW buffer=%s pg_reserved=%d vm_reserved=%d remap_returned=%d ptes=%d visible=%d "
	       "writes_reach=%d counts_before=%d/%d/%d/%d counts_after=%d/%d/%d/%d",
	       marks & ROW_VMALLOC ? "vmalloc_32" : "get_free_pages", !!(marks & ROW_PAGES),
	       !!(marks & ROW_VMA), remapped, ptes, visible, reaches, counts[0][0], counts[0][1],
	       counts[0][2], counts[0][3], counts[1][0], counts[1][1], counts[1][2],
	       counts[1][3]);
	if (visible != !!(marks & ROW_PAGES) || reaches != visible)
		return "the mapping does not follow PG_reserved alone";
	if (remapped != 0 || ptes != (visible ? PAGES : 0))
		return "remap_page_range did not say 0, or set other ptes";
	for (at = 0; at < PAGES; at++)
		if (counts[0][at] != counts[1][at])
			return "munmap changed a page count";
	return NULL;
}

const char *test_reserve_matrix(void)
{
	int file = sys2(open, "/dev/patchkit", O_RDWR), marks;
	const char *wrong, *first = NULL;

	if (file < 0)
		return "the probe is not in the image; build with --probes";
	for (marks = 0; marks < 8; marks++) {
		wrong = row(file, marks);
		if (wrong && !first)
			first = wrong;
	}
	return first;
}
