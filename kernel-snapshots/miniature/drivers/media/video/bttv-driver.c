/*
 * drivers/media/video/bttv-driver.c of patchkit's miniature: a frame grabber
 * that lets a process map its capture buffer. No driver: the shape of one,
 * in our own words.
 *
 * Like its model it was edited by people with different ideas of a tab: some
 * of its lines are indented with tabs, some with blanks, some with both, and
 * some end with a blank. Nothing may "mend" that.
 *
 * The buffer is vmalloc()ed, its pages are reserved one by one, and mmap()
 * maps them one by one. As an old style (V4L1) driver it gets no vma: it is
 * videodev.c that has it.
 */

/* 32 pages hold a frame of 16 bit pixels, and there are two of them. */
#define FRAME_SIZE	0x20000
#define MAX_FRAMES	2
#define BUFFER_SIZE	(MAX_FRAMES * FRAME_SIZE)

/* Modules, and what every driver includes */
#include <linux/config.h>
#include <linux/module.h>
#include <linux/delay.h>
#include <linux/poll.h>
#include <linux/kernel.h>
#include <linux/errno.h>
#include <linux/major.h>
#include <linux/malloc.h>
#include <linux/videodev.h>

/* What the page tables are made of, for a walk by hand */
#include <linux/mm.h>
#include <linux/fs.h>
#include <linux/pci.h>
#include <linux/ioport.h>
#include <asm/io.h>
#include <asm/page.h>
#include <asm/pgtable.h>
#include <linux/sched.h>
#include <asm/segment.h>
#include <linux/types.h>
#include <linux/wrapper.h>
#include <linux/interrupt.h>
#include <linux/kmod.h>
#include <linux/vmalloc.h>
#include <linux/init.h>

#define MDEBUG(x)	do { } while (0)	/* Debug the memory code */

/* Registers of the chip */
#define REG_STATUS	0x000
#define REG_INT_STAT	0x100
#define REG_INT_MASK	0x104
#define REG_DMA_CTL	0x10c
#define REG_RISC_START	0x114

#define STATUS_PRESENT	(1 << 7)
#define INT_FRAME_DONE	(1 << 3)
#define INT_RISC_ERROR	(1 << 19)
#define DMA_RISC_ON	(1 << 1)
#define DMA_FIFO_ON	(1 << 0)

/* Instructions of its DMA program */
#define RISC_WRITE	(0x01 << 28)
#define RISC_JUMP	(0x07 << 28)
#define RISC_LAST	(1 << 24)

struct grabber {
	struct video_device video_dev;
	struct pci_dev *dev;
	unsigned char *regs;
	unsigned char *fbuffer;		/* the capture buffer, as the kernel sees it */
	u32 *risc;			/* the chip's program */
	int users;
	int frames_done;
	struct semaphore lock;
	wait_queue_head_t capture_wait;
};

static struct grabber the_grabber;

#define chip_write(g, reg, value)	writel((value), (g)->regs + (reg))
#define chip_read(g, reg)		readl((g)->regs + (reg))

/*
 *	From an address to the memory behind it
 */

/* Where the kernel sees what a page table has at adr; 0 for nothing. */
static unsigned long lowmem_address(unsigned long adr)
{
        pgd_t *dir = pgd_offset_k(adr);
	pmd_t *middle = pgd_none(*dir) ? NULL : pmd_offset(dir, adr);
	pte_t *entry = middle && !pmd_none(*middle) ? pte_offset(middle, adr) : NULL;

	if (!entry || !pte_present(*entry)) {
                MDEBUG(printk("nothing at %lx", adr));
	        return 0;
	}
        return (unsigned long) page_address(pte_page(*entry)) + (adr & ~PAGE_MASK);
}

/* The bus address of something in the capture buffer, for the chip. */
static inline unsigned long kvirt_to_bus(unsigned long adr)
{
	return virt_to_bus((void *) lowmem_address(VMALLOC_VMADDR(adr)));
}

/* Its physical address, for the page tables of a process. */
static inline unsigned long kvirt_to_pa(unsigned long adr)
{
        return __pa(lowmem_address(VMALLOC_VMADDR(adr)));
}

/*
 *	The chip
 */

static int chip_present(struct grabber *g)
{
	return g->regs && (chip_read(g, REG_STATUS) & STATUS_PRESENT);
}

/*
 * The chip needs some time after a reset, and says when it had enough of it.
 */
static int chip_settle(struct grabber *g)
{
	int tries;

	for (tries = 0; tries < 100 && !chip_present(g); tries++)
		udelay(10);
        return chip_present(g) ? 0 : -ETIMEDOUT;
}

static void chip_stop(struct grabber *g)
{
	chip_write(g, REG_DMA_CTL, 0);
	chip_write(g, REG_INT_MASK, 0);
	chip_write(g, REG_INT_STAT, ~0);
}

static void chip_start(struct grabber *g)
{
	chip_write(g, REG_RISC_START, virt_to_bus(g->risc));
	chip_write(g, REG_INT_STAT, ~0);
	chip_write(g, REG_INT_MASK, INT_FRAME_DONE | INT_RISC_ERROR);
	chip_write(g, REG_DMA_CTL, DMA_RISC_ON | DMA_FIFO_ON);
}

/*
 * Writes the program that fills the capture buffer: one instruction for each
 * page, since they are anywhere in memory, and a jump back to the start.
 */
static int make_program(struct grabber *g)
{
	unsigned long offset;
	u32 *next;

	g->risc = kmalloc(PAGE_SIZE, GFP_KERNEL);
	if (!g->risc)
		return -ENOMEM;
	next = g->risc;
	for (offset = 0; offset < BUFFER_SIZE; offset += PAGE_SIZE) {
		u32 word = RISC_WRITE | PAGE_SIZE;

		if ((offset + PAGE_SIZE) % FRAME_SIZE == 0)
                        word |= RISC_LAST;
		*next++ = cpu_to_le32(word);
		*next++ = cpu_to_le32(kvirt_to_bus((unsigned long) g->fbuffer + offset));
	}
	*next++ = cpu_to_le32(RISC_JUMP);
	*next++ = cpu_to_le32(virt_to_bus(g->risc));
	return 0;
}

/*
 *	Memory that both the chip and a process can see
 */

static void * rvmalloc(signed long size)
{
        void * mem;
	unsigned long adr, page;

	mem=vmalloc_32(size);
        if (mem) 
	{
		memset(mem, 0, size); /* Clear the ram out, no junk to the user */
                adr=(unsigned long) mem;
		while (size > 0)
		{
	                page = kvirt_to_pa(adr);
			mem_map_reserve(virt_to_page(__va(page)));
                        adr+=PAGE_SIZE;
			size-=PAGE_SIZE;
		}
        }
	return mem;
}

static void rvfree(void * mem, signed long size)
{
	unsigned long adr, page;
	
	if (mem)
        {
	        adr=(unsigned long) mem;
                while (size > 0) 
		{
			page = kvirt_to_pa(adr);
                        mem_map_unreserve(virt_to_page(__va(page)));
	                adr+=PAGE_SIZE;
			size-=PAGE_SIZE;
                }
                vfree(mem);
	}
}


/*
 *	The driver, as videodev.c calls it
 */

static void grabber_irq(int irq, void *dev_id, struct pt_regs *regs)
{
	struct grabber *g = dev_id;
	u32 stat = chip_read(g, REG_INT_STAT);

	chip_write(g, REG_INT_STAT, stat);
	if (stat & INT_RISC_ERROR)
		chip_stop(g);
	if (stat & INT_FRAME_DONE) {
		g->frames_done++;
		wake_up_interruptible(&g->capture_wait);
	}
}

static int grabber_open(struct video_device *dev, int mode)
{
	struct grabber *g = (struct grabber *) dev;
	int ret = -EBUSY;

	down(&g->lock);
	if (g->users)
		goto out;
	ret = -ENOMEM;
	g->fbuffer = (unsigned char *) rvmalloc(BUFFER_SIZE);
	if (!g->fbuffer)
		goto out;
	ret = make_program(g);
	if (ret) {
		rvfree((void *) g->fbuffer, BUFFER_SIZE);
		goto out;
	}
	g->users++;
	MOD_INC_USE_COUNT;
out:
	up(&g->lock);
	return ret;
}

static void grabber_close(struct video_device *dev)
{
	struct grabber *g = (struct grabber *) dev;

	down(&g->lock);
	chip_stop(g);
	kfree(g->risc);
	rvfree((void *) g->fbuffer, BUFFER_SIZE);
	g->fbuffer = NULL;
	g->users--;
	MOD_DEC_USE_COUNT;
	up(&g->lock);
}

static long grabber_read(struct video_device *dev, char *buf, unsigned long count, int noblock)
{
	struct grabber *g = (struct grabber *) dev;
	int seen = g->frames_done;

	if (count > FRAME_SIZE)
		count = FRAME_SIZE;
	chip_start(g);
	while (g->frames_done == seen) {
		if (noblock)
			return -EAGAIN;
		interruptible_sleep_on(&g->capture_wait);
		if (signal_pending(current))
			return -EINTR;
	}
	if (copy_to_user(buf, g->fbuffer, count))
		return -EFAULT;
	return count;
}

static int grabber_ioctl(struct video_device *dev, unsigned int cmd, void *arg)
{
	return -ENOIOCTLCMD;
}

/* Page by page: in physical memory no two of them are neighbours. */
static int grabber_mmap(struct video_device *dev, const char *adr, unsigned long size)
{
	struct grabber *g = (struct grabber *) dev;
        unsigned long start = (unsigned long) adr;
        unsigned long pos = (unsigned long) g->fbuffer;

	if (size > BUFFER_SIZE)
		return -EINVAL;
	while (size > 0) {
	        unsigned long page = kvirt_to_pa(pos);

		if (remap_page_range(start, page, PAGE_SIZE, PAGE_SHARED))
		        return -EAGAIN;
		start += PAGE_SIZE;
		pos += PAGE_SIZE;
                size -= PAGE_SIZE;
	}
	return 0;
}

static struct video_device grabber_template = {
	"Miniature grabber",
	VID_TYPE_TUNER | VID_TYPE_CAPTURE | VID_TYPE_OVERLAY,
	0,
	grabber_open,
	grabber_close,
	grabber_read,
	NULL,
	NULL,
	grabber_ioctl,
	grabber_mmap,
	NULL,
	NULL,
	0,
	-1
};

static int __init grabber_init(void)
{
	struct grabber *g = &the_grabber;

	memcpy(&g->video_dev, &grabber_template, sizeof(grabber_template));
	init_MUTEX(&g->lock);
	init_waitqueue_head(&g->capture_wait);
	if (chip_settle(g))
		return -ENODEV;
	if (request_irq(g->dev->irq, grabber_irq, SA_SHIRQ, "grabber", g))
		return -EBUSY;
	return video_register_device(&g->video_dev, VFL_TYPE_GRABBER);
}

static void __exit grabber_exit(void)
{
	video_unregister_device(&the_grabber.video_dev);
	free_irq(the_grabber.dev->irq, &the_grabber);
}

module_init(grabber_init);
module_exit(grabber_exit);
