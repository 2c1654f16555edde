#ifndef _LINUX_MM_H
#define _LINUX_MM_H

/*
 * include/linux/mm.h of patchkit's miniature: what its drivers need of
 * memory management, in our own words. No kernel.
 */

#include <linux/sched.h>
#include <linux/errno.h>
#include <linux/list.h>

#include <asm/page.h>
#include <asm/pgtable.h>
#include <asm/atomic.h>

struct file;
struct mm_struct;

/*
 * One of these for each page frame. Only the first page of a block of
 * higher order has a reference of its own: the tail pages' counts are zero.
 */
struct page {
	struct list_head list;
	unsigned long flags;
	atomic_t count;
	unsigned long index;
	void *virtual;
};

/* Bits of page->flags */
#define PG_locked		 0
#define PG_referenced		 1
#define PG_uptodate		 2
#define PG_dirty		 3
#define PG_active		 4
#define PG_slab			 5
#define PG_highmem		 6
#define PG_reserved		31

#define PageLocked(page)	test_bit(PG_locked, &(page)->flags)
#define PageReferenced(page)	test_bit(PG_referenced, &(page)->flags)

/*
 * A reserved page is not the VM's: it is never freed, swapped or counted,
 * and remap_page_range() maps no RAM but this.
 */
#define PageReserved(page)	test_bit(PG_reserved, &(page)->flags)
#define SetPageReserved(page)	set_bit(PG_reserved, &(page)->flags)
#define ClearPageReserved(page)	clear_bit(PG_reserved, &(page)->flags)

#define get_page(p)		atomic_inc(&(p)->count)
#define put_page(p)		__free_page(p)
#define page_count(p)		atomic_read(&(p)->count)
#define set_page_count(p,v)	atomic_set(&(p)->count, v)

extern struct page *mem_map;
extern unsigned long max_mapnr;

#define VALID_PAGE(page)	((page) - mem_map < max_mapnr)

/*
 * A range of one process's address space, with one set of rules for faults.
 */
struct vm_area_struct {
	struct mm_struct *vm_mm;
	unsigned long vm_start;		/* first address within */
	unsigned long vm_end;		/* first address behind */
	struct vm_area_struct *vm_next;

	pgprot_t vm_page_prot;
	unsigned long vm_flags;

	struct vm_operations_struct *vm_ops;
	unsigned long vm_pgoff;		/* offset into vm_file, in pages */
	struct file *vm_file;
	void *vm_private_data;
};

/*
 * Bits of vm_flags: what may be done here now, what mprotect() may allow
 * later, and how the VM has to treat the range.
 */
#define VM_READ		0x00000001
#define VM_WRITE	0x00000002
#define VM_EXEC		0x00000004
#define VM_SHARED	0x00000008

#define VM_MAYSHARE	0x00000080
#define VM_GROWSDOWN	0x00000100	/* a stack */

#define VM_LOCKED	0x00002000	/* mlock()ed */
#define VM_IO           0x00004000	/* not memory at all */

#define VM_DONTCOPY	0x00020000	/* Do not copy this vma on fork */
#define VM_DONTEXPAND	0x00040000	/* Cannot expand with mremap() */

#define VM_STACK_FLAGS	0x00000177

/*
 * What a driver may bring for its range. nopage() hands out the page for a
 * fault, with a reference that is the page table's from then on.
 */
struct vm_operations_struct {
	void (*open)(struct vm_area_struct *area);
	void (*close)(struct vm_area_struct *area);
	struct page *(*nopage)(struct vm_area_struct *area, unsigned long address, int write_access);
	int (*swapout)(struct page *page, struct file *file);
};

/* What nopage() returns for "send SIGBUS" and "no memory" */
#define NOPAGE_SIGBUS	(NULL)
#define NOPAGE_OOM	((struct page *) (-1))

extern int remap_page_range(unsigned long from, unsigned long to, unsigned long size, pgprot_t prot);

/* Where devices are not in an address space of their own, as on i386 */
#define io_remap_page_range	remap_page_range

extern unsigned long __get_free_pages(int gfp_mask, unsigned long order);
extern void free_pages(unsigned long addr, unsigned long order);
extern void __free_page(struct page *page);

#define get_zeroed_page(gfp_mask)	__get_free_pages((gfp_mask), 0)
#define free_page(addr)			free_pages((addr), 0)

/* Who asks for memory, and what it may cost to find some */
#define __GFP_WAIT	0x01
#define __GFP_HIGH	0x02
#define __GFP_IO	0x04
#define __GFP_DMA	0x08

#define GFP_ATOMIC	(__GFP_HIGH)
#define GFP_KERNEL	(__GFP_HIGH | __GFP_WAIT | __GFP_IO)
#define GFP_DMA		__GFP_DMA

#endif
