/*
 * drivers/sound/dmabuf.c of patchkit's miniature: the buffer of a sound card
 * and its reservation. Who maps it is soundcard.c, another file.
 *
 * The buffer is one block of an order above zero: only its first page has a
 * reference count.
 */

#include <linux/mm.h>
#include <linux/malloc.h>
#include <linux/wrapper.h>

#include "sound_config.h"

#define SMALLEST	4096

static int order_of(unsigned long size)
{
	int order = 0;

	while ((PAGE_SIZE << order) < size)
		order++;
	return order;
}

/* The largest buffer that is to be had, at most as large as the card wants. */
static int sound_alloc_dmap(struct dma_buffparms *dmap)
{
	unsigned long size = dmap->wanted;
	struct page *page;
	char *start = NULL;

	for (; size >= SMALLEST; size /= 2) {
		start = (char *) __get_free_pages(GFP_ATOMIC | GFP_DMA, order_of(size));
		if (start)
			break;
	}
	if (!start)
		return -ENOMEM;
	dmap->raw_buf = start;
	dmap->buffsize = size;
	dmap->raw_buf_phys = virt_to_phys(start);
	for (page = virt_to_page(start); page < virt_to_page(start + size); page++)
		mem_map_reserve(page);
	return 0;
}

/*
 * One page too many: the last page of the buffer is that of its last byte,
 * not that of the byte behind it. A neighbour loses its reservation here.
 */
static void sound_free_dmap(struct dma_buffparms *dmap)
{
	struct page *page, *last;

	if (!dmap->raw_buf)
		return;
	last = virt_to_page(dmap->raw_buf + dmap->buffsize);
	for (page = virt_to_page(dmap->raw_buf); page <= last; page++)
		mem_map_unreserve(page);
	free_pages((unsigned long) dmap->raw_buf, order_of(dmap->buffsize));
	dmap->raw_buf = NULL;
}

#if 0
/* For cards that bring memory of their own: none that works was ever found. */
static void sound_borrow_dmap(struct dma_buffparms *dmap, char *start)
{
	mem_map_reserve(virt_to_page(start));
	dmap->raw_buf = start;
}
#endif

int DMAbuf_open(struct dma_buffparms *dmap)
{
	return dmap->raw_buf ? 0 : sound_alloc_dmap(dmap);
}

void DMAbuf_release(struct dma_buffparms *dmap)
{
	if (dmap->mapping_flags & DMA_MAP_MAPPED)
		return;
	sound_free_dmap(dmap);
}
