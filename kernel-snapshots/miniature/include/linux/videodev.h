#ifndef __LINUX_VIDEODEV_H
#define __LINUX_VIDEODEV_H

/*
 * include/linux/videodev.h of patchkit's miniature: a video driver as
 * drivers/media/video/videodev.c sees it.
 */

#include <linux/types.h>
#include <linux/poll.h>

/*
 * Drivers fill this by position, so the order counts. mmap() gets no vma:
 * an address and a size, as it was with the old interface.
 */
struct video_device {
	char name[32];
	int type;
	int hardware;

	int (*open)(struct video_device *, int mode);
	void (*close)(struct video_device *);
	long (*read)(struct video_device *, char *, unsigned long, int noblock);
	long (*write)(struct video_device *, const char *, unsigned long, int noblock);
	unsigned int (*poll)(struct video_device *, struct file *, poll_table *);
	int (*ioctl)(struct video_device *, unsigned int, void *);
	int (*mmap)(struct video_device *, const char *, unsigned long);
	int (*initialize)(struct video_device *);

	void *priv;			/* the driver's own */
	int busy;
	int minor;
};

#define VID_TYPE_CAPTURE	1	/* can capture */
#define VID_TYPE_TUNER		2	/* has a tuner */
#define VID_TYPE_OVERLAY	8	/* can overlay on the frame buffer */

#define VFL_TYPE_GRABBER	0
#define VFL_TYPE_VBI		1
#define VFL_TYPE_RADIO		2

extern int video_register_device(struct video_device *, int type);
extern void video_unregister_device(struct video_device *);

#endif
