/* A sample ring for the cases. */
#include <linux/ring.h>
#include <linux/slab.h>

static int ring_open(struct ring *ring, int pages)
{
	int error;

	ring->pages = pages;
	error = ring_fill(ring);
	if (error)
		goto fail;
	ring->users++;
	return 0;

fail:
	ring_drain(ring);
	return error;
}

static void ring_close(struct ring *ring)
{
	ring->users--;
	if (!ring->users)
		ring_drain(ring);
}

static int ring_mmap(struct ring *ring, struct vm_area_struct *vma)
{
	unsigned long start = vma->vm_start;
	int error;

	if (vma->vm_offset)
		return -EINVAL;
	error = ring_remap(ring, start);
	if (error)
		return -EAGAIN;
	vma_reserve(vma);
	ring->mapped = 1;
	return 0;
}
