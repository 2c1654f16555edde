/*
 * patchkit's V4L probe: a video device with bttv's buffer, so that its mmap goes through
 * videodev.c as bttv's does; marking the vma is videodev.c's part, in the mail as in the safe
 * form. Included behind the last line of videodev.c, with PKV_REGISTER() as this tree spells it;
 * not where that is a module, which has an init of its own.
 */
#ifndef MODULE
#include <linux/vmalloc.h>
#include <asm/pgtable.h>

#ifndef VM_RESERVED
#define VM_RESERVED	0x00080000
#endif

#define PKV_PHYS(page)	((unsigned long)((page) - mem_map) << PAGE_SHIFT)
#define PKV_PAGES	8
/* the forms of the buffer: the mail's conversion, the safe one, and as it was */
#define PKV_AS_POSTED	1
#define PKV_SAFE	2
#define PKV_AS_IT_WAS	3

static char *pkv_buffer;

static struct page *pkv_page(unsigned long number)
{
	unsigned long at = VMALLOC_VMADDR((unsigned long)pkv_buffer + number * PAGE_SIZE);
	pmd_t *pmd = pmd_offset(pgd_offset_k(at), at);

	return pte_page(*pte_offset(pmd, at));
}

static void pkv_free(void)
{
	unsigned long at;

	if (!pkv_buffer)
		return;
	for (at = 0; at < PKV_PAGES; at++)
		clear_bit(PG_reserved, &pkv_page(at)->flags);
	vfree(pkv_buffer);
	pkv_buffer = NULL;
}

static int pkv_allocate(int form)
{
	unsigned long at;

	pkv_free();
	pkv_buffer = vmalloc_32(PKV_PAGES * PAGE_SIZE);
	if (!pkv_buffer)
		return -ENOMEM;
	memset(pkv_buffer, 0x5a, PKV_PAGES * PAGE_SIZE);
	/* the mail takes this loop out of rvmalloc() */
	for (at = 0; form != PKV_AS_POSTED && at < PKV_PAGES; at++)
		set_bit(PG_reserved, &pkv_page(at)->flags);
	return 0;
}

static int pkv_remap(const char *address)
{
	unsigned long at, start = (unsigned long)address;

	for (at = 0; at < PKV_PAGES; at++)
		if (remap_page_range(start + at * PAGE_SIZE, PKV_PHYS(pkv_page(at)),
				     PAGE_SIZE, PAGE_SHARED))
			return -EAGAIN;
	return 0;
}

static int pkv_mmap(struct video_device *device, const char *address, unsigned long size)
{
	return pkv_remap(address);
}

/* Did videodev.c mark the vma? The driver never sees it. */
static int pkv_marked(unsigned long address)
{
	struct vm_area_struct *vma = find_vma(current->mm, address);

	return vma && vma->vm_start <= address && (vma->vm_flags & VM_RESERVED);
}

static int pkv_open(struct video_device *device, int flags)
{
	return 0;
}

static void pkv_close(struct video_device *device)
{
	pkv_free();
}

static int pkv_ioctl(struct video_device *device, unsigned int what, void *argument)
{
	if (what == 1)
		return pkv_allocate((int)(long)argument);
	if (what == 3)
		return !!pkv_marked((unsigned long)argument);
	if (what == 2)
		return pkv_buffer ? (unsigned char)pkv_buffer[(long)argument] : -EINVAL;
	return -EINVAL;
}

static struct video_device pkv_device = {
	name: "patchkit probe",
	type: VID_TYPE_CAPTURE,
	open: pkv_open,
	close: pkv_close,
	ioctl: pkv_ioctl,
	mmap: pkv_mmap,
};

static int __init pkv_init(void)
{
	return PKV_REGISTER(&pkv_device);
}

__initcall(pkv_init);
#endif
