/*
 * drivers/char/drm/mini_drv.c of patchkit's miniature: the device file. To
 * hand out a buffer it changes the file's operations under way, and back.
 */

#include <linux/module.h>
#include <linux/init.h>
#include <linux/sched.h>

#include "mini_drm.h"

#define BLOCKS		4
#define BLOCK_ORDER	2

static struct drm_device mini_device;

static int drm_open(struct inode *inode, struct file *file)
{
	file->private_data = &mini_device;
	return 0;
}

static struct file_operations drm_fops = {
	owner:		THIS_MODULE,
	open:		drm_open,
	mmap:		drm_mmap,
};

static struct file_operations drm_buffer_fops = {
	owner:		THIS_MODULE,
	open:		drm_open,
	mmap:		drm_mmap_block,
};

/* Maps the next buffer into the process that asks, and says where it is. */
static unsigned long drm_hand_out(struct file *file)
{
	struct drm_device *dev = file->private_data;
	struct file_operations *usual = file->f_op;
	unsigned long where;

	file->f_op = dev->buffer_fops;
	where = do_mmap(file, 0, PAGE_SIZE << BLOCK_ORDER, PROT_READ | PROT_WRITE, MAP_SHARED, 0);
	file->f_op = usual;
	return where;
}

static int __init drm_init(void)
{
	mini_device.buffer_fops = &drm_buffer_fops;
	return drm_alloc_blocks(&mini_device, BLOCKS, BLOCK_ORDER);
}

static void __exit drm_exit(void)
{
	drm_free_blocks(&mini_device);
}

module_init(drm_init);
module_exit(drm_exit);
