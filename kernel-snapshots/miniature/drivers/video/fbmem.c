/*
 * drivers/video/fbmem.c of patchkit's miniature: the device files of the
 * frame buffers. It maps what a driver says is its screen.
 */

#include <linux/module.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/fb.h>
#include <linux/smp_lock.h>

static struct fb_info *registered_fb[FB_MAX];

static int fb_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct fb_info *info = registered_fb[MINOR(file->f_dentry->d_inode->i_rdev)];
	unsigned long offset = vma->vm_pgoff << PAGE_SHIFT;
	unsigned long size = vma->vm_end - vma->vm_start;
	struct fb_fix_screeninfo fix;
	int ret;

	if (info->fbops->fb_mmap) {
		lock_kernel();
		ret = info->fbops->fb_mmap(info, file, vma);
		unlock_kernel();
		return ret;
	}
	info->fbops->fb_get_fix(&fix, info);
	if (offset > fix.smem_len || size > fix.smem_len - offset)
		return -EINVAL;
#if defined(__sparc__)
	if (io_remap_page_range(vma->vm_start, fix.smem_start + offset, size,
				vma->vm_page_prot, 0))
		return -EAGAIN;
#else
	if (io_remap_page_range(vma->vm_start, fix.smem_start + offset, size,
				vma->vm_page_prot))
		return -EAGAIN;
#endif
	return 0;
}

int register_framebuffer(struct fb_info *info)
{
	int i;

	for (i = 0; i < FB_MAX; i++) {
		if (registered_fb[i])
			continue;
		info->node = i;
		registered_fb[i] = info;
		return 0;
	}
	return -ENXIO;
}

static struct file_operations fb_fops = {
	owner:		THIS_MODULE,
	mmap:		fb_mmap,
};
