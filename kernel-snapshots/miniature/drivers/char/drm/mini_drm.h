#ifndef _MINI_DRM_H
#define _MINI_DRM_H

/*
 * drivers/char/drm/mini_drm.h of patchkit's miniature: a graphics driver in
 * three files. mini_bufs.c reserves, mini_vm.c maps, mini_drv.c knows both.
 */

#include <linux/fs.h>
#include <linux/mm.h>

/* One block of memory for the card */
struct drm_block {
	unsigned long address;
	int order;
	int mapped;		/* how many vmas have it */
};

struct drm_device {
	struct drm_block *buffers;
	int count;
	struct file_operations *buffer_fops;
};

/* mini_bufs.c */
extern int drm_alloc_blocks(struct drm_device *dev, int count, int order);
extern void drm_free_blocks(struct drm_device *dev);

/* mini_vm.c */
extern int drm_mmap(struct file *file, struct vm_area_struct *vma);
extern int drm_mmap_block(struct file *file, struct vm_area_struct *vma);

#endif
