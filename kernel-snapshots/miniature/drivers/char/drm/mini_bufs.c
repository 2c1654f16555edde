/*
 * drivers/char/drm/mini_bufs.c of patchkit's miniature: memory for the card,
 * in blocks of an order above zero.
 */

#include <linux/malloc.h>
#include <linux/wrapper.h>

#include "mini_drm.h"

static unsigned long drm_get_block(int order)
{
	unsigned long address = __get_free_pages(GFP_KERNEL, order);
	unsigned long left = PAGE_SIZE << order;
	unsigned long page = address;

	if (!address)
		return 0;
	for (; left > 0; left -= PAGE_SIZE, page += PAGE_SIZE)
		mem_map_reserve(
			virt_to_page(page));
	return address;
}

static void drm_put_block(struct drm_block *block)
{
	unsigned long left = PAGE_SIZE << block->order;
	unsigned long page = block->address;

	if (!page)
		return;
	for (; left > 0; left -= PAGE_SIZE, page += PAGE_SIZE)
		mem_map_unreserve(virt_to_page(page));
	free_pages(block->address, block->order);
	block->address = 0;
}

int drm_alloc_blocks(struct drm_device *dev, int count, int order)
{
	dev->buffers = kmalloc(count * sizeof(*dev->buffers), GFP_KERNEL);
	if (!dev->buffers)
		return -ENOMEM;
	for (dev->count = 0; dev->count < count; dev->count++) {
		struct drm_block *block = &dev->buffers[dev->count];

		block->order = order;
		block->mapped = 0;
		block->address = drm_get_block(order);
		if (!block->address) {
			drm_free_blocks(dev);
			return -ENOMEM;
		}
	}
	return 0;
}

void drm_free_blocks(struct drm_device *dev)
{
	while (dev->count > 0)
		drm_put_block(&dev->buffers[--dev->count]);
	kfree(dev->buffers);
	dev->buffers = NULL;
}
