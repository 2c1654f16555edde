/*
 * drivers/char/drm/mini_vm.c of patchkit's miniature: the card's memory in
 * processes. A block goes there at once, or page by page on faults.
 */

#include "mini_drm.h"

static struct page *drm_nopage(struct vm_area_struct *vma, unsigned long address, int write_access)
{
	struct drm_block *block = vma->vm_private_data;
	unsigned long offset = address - vma->vm_start;
	struct page *page;

	if (offset >= PAGE_SIZE << block->order)
		return NOPAGE_SIGBUS;
	/* The block's tail pages have no count of their own: they need this one. */
	page = virt_to_page(block->address + offset);
	get_page(page);
	return page;
}

static void drm_vm_open(struct vm_area_struct *vma)
{
	struct drm_block *block = vma->vm_private_data;

	block->mapped++;
}

static void drm_vm_close(struct vm_area_struct *vma)
{
	struct drm_block *block = vma->vm_private_data;

	block->mapped--;
}

static struct vm_operations_struct drm_vm_ops = {
	open:		drm_vm_open,
	close:		drm_vm_close,
	nopage:		drm_nopage,
};

int drm_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct drm_device *dev = file->private_data;

	if (vma->vm_pgoff >= dev->count)
		return -EINVAL;
	vma->vm_private_data = &dev->buffers[vma->vm_pgoff];
	vma->vm_ops = &drm_vm_ops;
	drm_vm_open(vma);
	return 0;
}

/* While one buffer is handed out: see mini_drv.c. */
int drm_mmap_block(struct file *file, struct vm_area_struct *vma)
{
	struct drm_device *dev = file->private_data;
	struct drm_block *block = &dev->buffers[0];
	unsigned long size = vma->vm_end - vma->vm_start;

	if (size != PAGE_SIZE << block->order)
		return -EINVAL;
	vma->vm_private_data = block;
	return remap_page_range(vma->vm_start, virt_to_phys((void *) block->address),
				size, vma->vm_page_prot);
}
