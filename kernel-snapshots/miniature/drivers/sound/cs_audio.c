/*
 * drivers/sound/cs_audio.c of patchkit's miniature: a driver for several
 * kernel series, with names of its own for what differs between them.
 */

#include <linux/version.h>
#include <linux/module.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/wrapper.h>

#if LINUX_VERSION_CODE < 0x20300
#define cs_map_page(addr)	(mem_map + MAP_NR(addr))
#else
#define cs_map_page(addr)	virt_to_page(addr)
#endif
#define cs_mem_reserve(page)	mem_map_reserve(page)
#define cs_mem_unreserve(page)	mem_map_unreserve(page)

#define CS_ORDER	2

struct cs_card {
	char *play;		/* a block of CS_ORDER */
	char *capture;		/* the same */
};

static char *cs_block(void)
{
	char *block = (char *) __get_free_pages(GFP_KERNEL | GFP_DMA, CS_ORDER);
	struct page *page;

	if (!block)
		return NULL;
	for (page = cs_map_page(block); page < cs_map_page(block) + (1 << CS_ORDER); page++)
		cs_mem_reserve(page);
	return block;
}

static void cs_release(char *block)
{
	struct page *page = cs_map_page(block);
	int i;

	for (i = 0; i < 1 << CS_ORDER; i++, page++)
		cs_mem_unreserve(page);
	free_pages((unsigned long) block, CS_ORDER);
}

/*
 * A bug in the way back: what was reserved is reserved once more, where it
 * should lose its reservation. The pages are never seen again.
 */
static int cs_alloc(struct cs_card *card)
{
	int i;

	card->play = cs_block();
	if (!card->play)
		return -ENOMEM;
	card->capture = cs_block();
	if (card->capture)
		return 0;
	for (i = 0; i < 1 << CS_ORDER; i++)
		set_bit(PG_reserved, &cs_map_page(card->play + i * PAGE_SIZE)->flags);
	free_pages((unsigned long) card->play, CS_ORDER);
	return -ENOMEM;
}

static int cs_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct cs_card *card = file->private_data;
	char *block = vma->vm_flags & VM_WRITE ? card->play : card->capture;
	unsigned long size = vma->vm_end - vma->vm_start;

	if (size > PAGE_SIZE << CS_ORDER)
		return -EINVAL;
	return remap_page_range(vma->vm_start, virt_to_phys(block), size, vma->vm_page_prot);
}

static int cs_open(struct inode *inode, struct file *file)
{
	return cs_alloc(file->private_data);
}

static int cs_close(struct inode *inode, struct file *file)
{
	struct cs_card *card = file->private_data;

	cs_release(card->play);
	cs_release(card->capture);
	return 0;
}

/* The initialisers too went by another name then. */
#define CS_OWNER	owner: THIS_MODULE,

static struct file_operations cs_fops = {
	CS_OWNER
	mmap:		cs_mmap,
	open:		cs_open,
	release:	cs_close,
};
