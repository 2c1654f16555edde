/*
 * drivers/sound/soundcard.c of patchkit's miniature: the device files of the
 * sound cards. It maps what dmabuf.c has reserved.
 */

#include <linux/module.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/init.h>
#include <linux/smp_lock.h>

#include "sound_config.h"

static struct dma_buffparms *buffer_for(struct file *file, struct vm_area_struct *vma)
{
	struct audio_device *card = audio_devs[MINOR(file->f_dentry->d_inode->i_rdev) >> 4];

	if (!card)
		return NULL;
	return vma->vm_flags & VM_WRITE ? card->dmap_out : card->dmap_in;
}

static int sound_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long size = vma->vm_end - vma->vm_start;
	struct dma_buffparms *dmap;
	int ret = -EINVAL;

	lock_kernel();
	dmap = buffer_for(file, vma);
	if (!dmap || !dmap->raw_buf || vma->vm_pgoff || size != dmap->buffsize)
		goto out;
	ret = -EAGAIN;
	if (remap_page_range(vma->vm_start, dmap->raw_buf_phys, size, vma->vm_page_prot))
		goto out;
	dmap->mapping_flags |= DMA_MAP_MAPPED;
	ret = 0;
out:
	unlock_kernel();
	return ret;
}

static int sound_open(struct inode *inode, struct file *file)
{
	struct audio_device *card = audio_devs[MINOR(inode->i_rdev) >> 4];

	return card ? DMAbuf_open(card->dmap_out) : -ENXIO;
}

static int sound_release(struct inode *inode, struct file *file)
{
	DMAbuf_release(audio_devs[MINOR(inode->i_rdev) >> 4]->dmap_out);
	return 0;
}

struct file_operations oss_sound_fops = {
	owner:		THIS_MODULE,
	mmap:		sound_mmap,
	open:		sound_open,
	release:	sound_release,
};
