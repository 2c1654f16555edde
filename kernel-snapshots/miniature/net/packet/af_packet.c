/*
 * net/packet/af_packet.c of patchkit's miniature: a ring of packets that a
 * process may map, where the configuration has it.
 */

#include <linux/config.h>
#include <linux/mm.h>
#include <linux/net.h>
#include <net/sock.h>

#ifdef CONFIG_PACKET_MMAP

struct packet_ring {
	unsigned long *block;		/* addresses of blocks of that order */
	int blocks;
	int order;
	int mapped;
};

static void packet_free_block(unsigned long address, int order)
{
	struct page *page = virt_to_page(address);
	struct page *end = page + (1 << order);

	while (page < end)
		ClearPageReserved(page++);
	free_pages(address, order);
}

static unsigned long packet_get_block(int order)
{
	unsigned long address = __get_free_pages(GFP_KERNEL, order);
	struct page *page, *end;

	if (!address)
		return 0;
	end = virt_to_page(address) + (1 << order);
	for (page = virt_to_page(address); page < end; page++)
		SetPageReserved(page);
	return address;
}

static int packet_set_ring(struct packet_ring *ring, int blocks)
{
	while (ring->blocks > blocks)
		packet_free_block(ring->block[--ring->blocks], ring->order);
	while (ring->blocks < blocks) {
		ring->block[ring->blocks] = packet_get_block(ring->order);
		if (!ring->block[ring->blocks])
			return -ENOMEM;
		ring->blocks++;
	}
	return 0;
}

static int packet_mmap(struct file *file, struct socket *sock, struct vm_area_struct *vma)
{
	struct packet_ring *ring = sock->sk->user_data;
	unsigned long start = vma->vm_start;
	unsigned long size = PAGE_SIZE << ring->order;
	int i;

	if (vma->vm_end - start != ring->blocks * size)
		return -EINVAL;
	for (i = 0; i < ring->blocks; i++, start += size)
		if (remap_page_range(start, __pa(ring->block[i]), size, vma->vm_page_prot))
			return -EAGAIN;
	ring->mapped++;
	return 0;
}

#else

#define packet_mmap	sock_no_mmap

#endif

struct proto_ops packet_ops = {
	family:		PF_PACKET,
	mmap:		packet_mmap,
};
