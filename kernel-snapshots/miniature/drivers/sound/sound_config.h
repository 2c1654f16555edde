#ifndef _SOUND_CONFIG_H
#define _SOUND_CONFIG_H

/*
 * drivers/sound/sound_config.h of patchkit's miniature: what soundcard.c and
 * dmabuf.c both know of a card.
 */

#include <linux/fs.h>
#include <linux/errno.h>

#define DMA_MAP_MAPPED	1

struct dma_buffparms {
	char *raw_buf;
	unsigned long raw_buf_phys;
	unsigned long wanted;		/* bytes that the card could use */
	unsigned long buffsize;		/* bytes that it got */
	int mapping_flags;
};

struct audio_device {
	struct dma_buffparms *dmap_out;
	struct dma_buffparms *dmap_in;
};

#define MAX_AUDIO_DEV	5

extern struct audio_device *audio_devs[MAX_AUDIO_DEV];

extern int DMAbuf_open(struct dma_buffparms *dmap);
extern void DMAbuf_release(struct dma_buffparms *dmap);

#endif
