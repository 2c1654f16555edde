/*
 * drivers/char/agp/gart.c of patchkit's miniature: the table of a graphics
 * bridge. Its pages are reserved for ioremap(), not for mmap(): ioremap()
 * takes RAM only when it is reserved.
 */

#include <linux/module.h>
#include <linux/mm.h>
#include <linux/init.h>

#include <asm/io.h>

#define GART_ORDER	4

static char *table;			/* as the kernel sees memory */
static unsigned long *mapped_table;	/* the same, not cached */

static int gart_make_table(void)
{
	char *end;
	char *at;

	table = (char *) __get_free_pages(GFP_KERNEL, GART_ORDER);
	if (!table)
		return -ENOMEM;
	end = table + (PAGE_SIZE << GART_ORDER);
	for (at = table; at < end; at += PAGE_SIZE)
		set_bit(PG_reserved,
			&virt_to_page(at)->flags);
	mapped_table = ioremap_nocache(virt_to_phys(table), end - table);
	return mapped_table ? 0 : -EIO;
}

static void gart_drop_table(void)
{
	char *end = table + (PAGE_SIZE << GART_ORDER);
	char *at;

	iounmap(mapped_table);
	for (at = table; at < end; at += PAGE_SIZE)
		clear_bit(PG_reserved, &virt_to_page(at)->flags);
	free_pages((unsigned long) table, GART_ORDER);
}

module_init(gart_make_table);
module_exit(gart_drop_table);
