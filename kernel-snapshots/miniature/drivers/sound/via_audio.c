/*
 * drivers/sound/via_audio.c of patchkit's miniature: a card with scattered
 * buffers. Nothing is reserved here: nopage() brings the pages one by one,
 * each with a reference of its own.
 *
 * So that the VM leaves them alone there is a swapout() that does nothing
 * and says that it did: with VM_RESERVED on the vma it could go.
 */

#include <linux/module.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/pci.h>

#define VIA_PAGES	16

struct via_channel {
	struct pci_dev *pdev;
	void *page[VIA_PAGES];		/* one page each, anywhere */
	dma_addr_t handle[VIA_PAGES];
	int is_mapped;
};

static int via_alloc(struct via_channel *chan)
{
	int i;

	for (i = 0; i < VIA_PAGES; i++) {
		chan->page[i] = pci_alloc_consistent(chan->pdev, PAGE_SIZE, &chan->handle[i]);
		if (!chan->page[i])
			return -ENOMEM;
	}
	return 0;
}

static struct page *via_mm_nopage(struct vm_area_struct *vma, unsigned long address, int write_access)
{
	struct via_channel *chan = vma->vm_private_data;
	unsigned long nr = vma->vm_pgoff + ((address - vma->vm_start) >> PAGE_SHIFT);
	struct page *page;

	if (nr >= VIA_PAGES)
		return NOPAGE_SIGBUS;
	page = virt_to_page(chan->page[nr]);
	get_page(page);
	return page;
}

#ifndef VM_RESERVE
static int via_mm_swapout(struct page *page, struct file *file)
{
	return 0;
}
#endif

static void via_mm_close(struct vm_area_struct *vma)
{
	struct via_channel *chan = vma->vm_private_data;

	chan->is_mapped = 0;
}

static struct vm_operations_struct via_mm_ops = {
	close:		via_mm_close,
	nopage:		via_mm_nopage,
#ifndef VM_RESERVE		/* a slip of the pen: the flag is VM_RESERVED */
	swapout:	via_mm_swapout,
#endif
};

static int via_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct via_channel *chan = file->private_data;

	if (vma->vm_end - vma->vm_start > VIA_PAGES * PAGE_SIZE)
		return -EINVAL;
#ifdef VM_RESERVE
	vma->vm_flags |= VM_RESERVE;
#endif
	vma->vm_ops = &via_mm_ops;
	vma->vm_private_data = chan;
	chan->is_mapped = 1;
	return 0;
}

static int via_open(struct inode *inode, struct file *file)
{
	return via_alloc(file->private_data);
}

struct file_operations via_fops = {
	owner:		THIS_MODULE,
	mmap:		via_mmap,
	open:		via_open,
};
