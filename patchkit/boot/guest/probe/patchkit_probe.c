/*
 * patchkit's probe: a character device whose mmap does what the drivers of 2000 did, in every
 * combination, and tells what became of its pages. Included behind the last line of mem.c.
 */
#include <linux/mm.h>
#include <linux/fs.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include <asm/io.h>
#include <asm/pgtable.h>
#include <asm/uaccess.h>

#ifndef VM_RESERVED	/* 2.4.0-test10-pre4 and older */
#define VM_RESERVED	0x00080000
#define PATCHKIT_NO_VM_RESERVED 1
#else
#define PATCHKIT_NO_VM_RESERVED 0
#endif

#define PK_PHYS(page)	((unsigned long)((page) - mem_map) << PAGE_SHIFT)

#ifndef virt_to_page	/* 2.4.0-test4 and older */
#define virt_to_page(kaddr)	(mem_map + MAP_NR(kaddr))
#endif

#define PATCHKIT_MAJOR	240
#define PATCHKIT_PAGES	4	/* an order-2 block */
#define PATCHKIT_MANY	256	/* what a nopage mapping has */

/* the row: which buffer, and which marks */
#define ROW_VMALLOC	1
#define ROW_PAGES	2	/* PG_reserved on the pages */
#define ROW_VMA		4	/* VM_RESERVED on the vma */
#define ROW_NOPAGE	8	/* pages come by nopage() instead of remap_page_range() */
#define ROW_LOCKED	16	/* VM_LOCKED on the vma */

#define DO_SETUP	1	/* argument: the row */
#define DO_COUNT	2	/* argument: a page's number; its page_count */
#define DO_BYTE		3	/* argument: an offset; the driver's own view */
#define DO_REMAPPED	4	/* what remap_page_range() returned */
#define DO_FAULTS	5	/* how often nopage() was asked */
#define DO_PTES		6	/* how many ptes were set right after mmap */
#define DO_TEARDOWN	7
#define DO_NATIVE	8	/* has this tree VM_RESERVED of its own? */

static unsigned long pk_row, pk_faults, pk_ptes;
static long pk_remapped;
static char *pk_buffer;

static unsigned long pk_pages(void)
{
	return pk_row & ROW_NOPAGE ? PATCHKIT_MANY : PATCHKIT_PAGES;
}

static pte_t *pk_pte(struct mm_struct *mm, unsigned long address)
{
	pgd_t *pgd = pgd_offset(mm, address);
	pmd_t *pmd;

	if (pgd_none(*pgd))
		return NULL;
	pmd = pmd_offset(pgd, address);
	return pmd_none(*pmd) ? NULL : pte_offset(pmd, address);
}

static struct page *pk_page(unsigned long number)
{
	unsigned long address = (unsigned long)pk_buffer + number * PAGE_SIZE;

	if (!(pk_row & ROW_VMALLOC))
		return virt_to_page((void *)address);
	return pte_page(*pk_pte(&init_mm, VMALLOC_VMADDR(address)));
}

static void pk_teardown(void)
{
	unsigned long at;

	if (!pk_buffer)
		return;
	for (at = 0; at < pk_pages(); at++)
		clear_bit(PG_reserved, &pk_page(at)->flags);
	if (pk_row & ROW_VMALLOC)
		vfree(pk_buffer);
	else
		free_pages((unsigned long)pk_buffer, 2);
	pk_buffer = NULL;
}

static int pk_setup(unsigned long row)
{
	unsigned long at;

	pk_teardown();
	pk_row = row;
	pk_faults = pk_ptes = 0;
	pk_remapped = -1;
	if (row & ROW_VMALLOC)
		pk_buffer = vmalloc_32(pk_pages() * PAGE_SIZE);
	else
		pk_buffer = (char *)__get_free_pages(GFP_KERNEL, 2);
	if (!pk_buffer)
		return -ENOMEM;
	for (at = 0; at < pk_pages(); at++) {
		memset(pk_buffer + at * PAGE_SIZE, 0x40 + at % 64, PAGE_SIZE);
		if (row & ROW_PAGES)
			set_bit(PG_reserved, &pk_page(at)->flags);
	}
	return 0;
}

static struct page *pk_nopage(struct vm_area_struct *vma, unsigned long address, int unused)
{
	struct page *page;

	pk_faults++;
	if (address - vma->vm_start >= pk_pages() * PAGE_SIZE)
		return NULL;
	page = pk_page((address - vma->vm_start) >> PAGE_SHIFT);
	get_page(page);
	return page;
}

static struct vm_operations_struct pk_vm_ops = { nopage: pk_nopage };

static int pk_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long at, address;

	if (!pk_buffer)
		return -EINVAL;
	if (pk_row & ROW_NOPAGE) {
		vma->vm_ops = &pk_vm_ops;
	} else {
		for (at = 0; at < PATCHKIT_PAGES; at++) {
			address = vma->vm_start + at * PAGE_SIZE;
			pk_remapped = remap_page_range(address, PK_PHYS(pk_page(at)),
						       PAGE_SIZE, vma->vm_page_prot);
			if (pk_remapped)
				return -EAGAIN;
		}
		for (at = 0; at < PATCHKIT_PAGES; at++) {
			pte_t *pte = pk_pte(vma->vm_mm, vma->vm_start + at * PAGE_SIZE);

			if (pte && pte_present(*pte))
				pk_ptes++;
		}
	}
	if (pk_row & ROW_VMA)
		vma->vm_flags |= VM_RESERVED;
	if (pk_row & ROW_LOCKED)
		vma->vm_flags |= VM_LOCKED;
	return 0;
}

static int pk_ioctl(struct inode *inode, struct file *file, unsigned int what,
		    unsigned long argument)
{
	switch (what) {
	case DO_SETUP:
		return pk_setup(argument);
	case DO_COUNT:
		return pk_buffer ? atomic_read(&pk_page(argument)->count) : -EINVAL;
	case DO_BYTE:
		return pk_buffer ? (unsigned char)pk_buffer[argument] : -EINVAL;
	case DO_REMAPPED:
		return pk_remapped;
	case DO_FAULTS:
		return pk_faults;
	case DO_PTES:
		return pk_ptes;
	case DO_TEARDOWN:
		pk_teardown();
		return 0;
	case DO_NATIVE:
		return !PATCHKIT_NO_VM_RESERVED;
	}
	return -EINVAL;
}

static struct file_operations pk_fops = { ioctl: pk_ioctl, mmap: pk_mmap };

static int __init pk_init(void)
{
	return register_chrdev(PATCHKIT_MAJOR, "patchkit", &pk_fops);
}

__initcall(pk_init);
