/*
 * drivers/media/video/videodev.c of patchkit's miniature: one character
 * device for all video drivers. No kernel: the shape of one, in our own words.
 *
 * mmap() comes by here with its vma, and goes on to the driver without it.
 */

/* One major number; the minor numbers say what kind of device it is:
 *	0 to 63		grabbers
 *	64 to 127	radios
 *	224 to 255	the lines between the frames (VBI)
 */

#include <linux/config.h>
#include <linux/version.h>
#include <linux/module.h>
#include <linux/types.h>
#include <linux/kernel.h>
#include <linux/major.h>
#include <linux/fs.h>
#include <linux/poll.h>
#include <linux/sched.h>
#include <linux/smp_lock.h>
#include <linux/proc_fs.h>
#include <linux/mm.h>
#include <linux/string.h>
#include <linux/errno.h>
#include <linux/videodev.h>
#include <linux/init.h>

#include <asm/uaccess.h>
#include <asm/system.h>
#include <asm/semaphore.h>

#define MINORS		256

/* The devices that registered, by minor number */
static struct video_device *video_device[MINORS];

/* Held while a device comes, goes, or is opened */
static DECLARE_MUTEX(video_lock);

/* What a kind of device is called, and the minor numbers that it may have */
struct kind {
	const char *name;
	int first;
	int last;
};

static const struct kind kinds[] = {
	{ "grabber",	0,	63 },	/* VFL_TYPE_GRABBER */
	{ "vbi",	224,	255 },	/* VFL_TYPE_VBI */
	{ "radio",	64,	127 },	/* VFL_TYPE_RADIO */
};

#define KINDS	(sizeof(kinds) / sizeof(kinds[0]))

static inline struct video_device *device_of(struct file *file)
{
	return video_device[MINOR(file->f_dentry->d_inode->i_rdev)];
}

/*
 *	Reading and writing: the driver decides
 */

static ssize_t video_read(struct file *file, char *buf, size_t count, loff_t *ppos)
{
	struct video_device *dev = device_of(file);

	if (!dev->read)
		return -EINVAL;
	return dev->read(dev, buf, count, file->f_flags & O_NONBLOCK);
}

static ssize_t video_write(struct file *file, const char *buf, size_t count, loff_t *ppos)
{
	struct video_device *dev = device_of(file);

	if (!dev->write)
		return -EINVAL;
	return dev->write(dev, buf, count, file->f_flags & O_NONBLOCK);
}

static unsigned int video_poll(struct file *file, poll_table *wait)
{
	struct video_device *dev = device_of(file);

	if (dev->poll)
		return dev->poll(dev, file, wait);
	return POLLOUT | POLLWRNORM;
}

/*
 *	One process at a time
 */

static int video_open(struct inode *inode, struct file *file)
{
	unsigned int minor = MINOR(inode->i_rdev);
	struct video_device *dev;
	int ret;

	if (minor >= MINORS)
		return -ENODEV;
	down(&video_lock);
	dev = video_device[minor];
	ret = -ENODEV;
	if (!dev)
		goto out;
	ret = -EBUSY;
	if (dev->busy)
		goto out;
	dev->busy = 1;		/* the driver may sleep in its open() */
	ret = 0;
	if (dev->open) {
		ret = dev->open(dev, 0);
		if (ret)
			dev->busy = 0;
	}
out:
	up(&video_lock);
	return ret;
}

static int video_release(struct inode *inode, struct file *file)
{
	struct video_device *dev = device_of(file);

	lock_kernel();
	if (dev->close)
		dev->close(dev);
	dev->busy = 0;
	unlock_kernel();
	return 0;
}

static int video_ioctl(struct inode *inode, struct file *file,
		       unsigned int cmd, unsigned long arg)
{
	struct video_device *dev = device_of(file);
	int ret = dev->ioctl(dev, cmd, (void *) arg);

	return ret == -ENOIOCTLCMD ? -EINVAL : ret;
}

static loff_t video_lseek(struct file *file, loff_t offset, int origin)
{
	return -ESPIPE;
}

/*
 *	Coming and going
 */

/* A free minor number for that kind of device; -1 when there is none. */
static int free_minor(const struct kind *kind)
{
	int minor;

	for (minor = kind->first; minor <= kind->last; minor++)
		if (!video_device[minor])
			return minor;
	return -1;
}

int video_register_device(struct video_device *dev, int type)
{
	int minor;
	int ret = -ENFILE;

	if (type < 0 || type >= KINDS)
		return -EINVAL;
	down(&video_lock);
	minor = free_minor(&kinds[type]);
	if (minor < 0)
		goto out;
	dev->minor = minor;
	dev->busy = 0;
	ret = 0;
	if (dev->initialize)
		ret = dev->initialize(dev);
	if (!ret)
		video_device[minor] = dev;
out:
	up(&video_lock);
	return ret;
}

void video_unregister_device(struct video_device *dev)
{
	down(&video_lock);
	if (video_device[dev->minor] == dev)
		video_device[dev->minor] = NULL;
	up(&video_lock);
}

/*
 *	/proc/video: one line for each device
 */

static int video_read_proc(char *page, char **start, off_t offset,
			   int count, int *eof, void *data)
{
	char *out = page;
	int minor;

	for (minor = 0; minor < MINORS; minor++) {
		struct video_device *dev = video_device[minor];

		if (!dev)
			continue;
		out += sprintf(out, "%d: %s%s\n", minor, dev->name, dev->busy ? " (busy)" : "");
		if (out - page > PAGE_SIZE - 80)
			break;
	}
	*eof = 1;
	return out - page;
}

/*
 *	The driver maps its buffer; of the vma it sees no more than
 *	where it is. What it maps are pages that it reserved itself: they
 *	are the driver's, not this file's.
 */
static int video_mmap(struct file *file, struct vm_area_struct *vma)
{
	int ret = -EINVAL;
	struct video_device *vfl=video_device[MINOR(file->f_dentry->d_inode->i_rdev)];
	if(vfl->mmap) {
		lock_kernel();
		ret = vfl->mmap(vfl, (char *)vma->vm_start, 
				(unsigned long)(vma->vm_end-vma->vm_start));
		unlock_kernel();
	}
	return ret;
}

static struct file_operations video_fops = {
	owner:		THIS_MODULE,
	llseek:		video_lseek,
	read:		video_read,
	write:		video_write,
	poll:		video_poll,
	ioctl:		video_ioctl,
	mmap:		video_mmap,
	open:		video_open,
	release:	video_release,
};

static int __init videodev_init(void)
{
	if (register_chrdev(VIDEO_MAJOR, "video_capture", &video_fops)) {
		printk(KERN_ERR "video: no major number %d\n", VIDEO_MAJOR);
		return -EIO;
	}
	create_proc_read_entry("video", 0, NULL, video_read_proc, NULL);
	return 0;
}

module_init(videodev_init);
