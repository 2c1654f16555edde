/*
 * arch/m68k/mm/init.c of patchkit's miniature: memory that was reserved at
 * boot goes to the allocator. These are no driver's pages: nobody maps them.
 */

#include <linux/mm.h>
#include <linux/init.h>

extern char __init_begin, __init_end;

void free_initmem(void)
{
	unsigned long address;

	for (address = (unsigned long) &__init_begin;
	     address < (unsigned long) &__init_end; address += PAGE_SIZE) {
		struct page *page = virt_to_page(address);

		page->flags &= ~(1 << PG_reserved);
		set_page_count(page, 1);
		free_page(address);
	}
}

/* A ramdisk that the loader left behind; mem_map_unreserve() would do as well. */
void free_initrd_mem(unsigned long start, unsigned long end)
{
	for (; start < end; start += PAGE_SIZE) {
		ClearPageReserved(virt_to_page(start));
		set_page_count(virt_to_page(start), 1);
		free_page(start);
	}
}
