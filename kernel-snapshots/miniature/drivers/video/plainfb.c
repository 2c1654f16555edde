/*
 * drivers/video/plainfb.c of patchkit's miniature: a frame buffer in plain
 * memory, reserved by the page flags' own names. fbmem.c maps it.
 */

#include <linux/module.h>
#include <linux/mm.h>
#include <linux/fb.h>
#include <linux/init.h>

#define SCREEN_SIZE	(640 * 480)
#define SCREEN_ORDER	7

static unsigned long screen;
static struct fb_info plainfb_info;

static int plainfb_get_fix(struct fb_fix_screeninfo *fix, struct fb_info *info)
{
	fix->smem_start = virt_to_phys((void *) screen);
	fix->smem_len = SCREEN_SIZE;
	return 0;
}

static struct fb_ops plainfb_ops = {
	fb_get_fix:	plainfb_get_fix,
};

static int __init plainfb_init(void)
{
	unsigned long page;

	screen = __get_free_pages(GFP_KERNEL, SCREEN_ORDER);
	if (!screen)
		return -ENOMEM;
	/* or the mapping would stay empty */
	for (page = screen; page < screen + SCREEN_SIZE; page += PAGE_SIZE)
		SetPageReserved(virt_to_page(page));
	plainfb_info.fbops = &plainfb_ops;
	return register_framebuffer(&plainfb_info);
}

static void __exit plainfb_exit(void)
{
	unsigned long page;

	for (page = screen; page < screen + SCREEN_SIZE; page += PAGE_SIZE)
		ClearPageReserved(virt_to_page(page));
	free_pages(screen, SCREEN_ORDER);
}

module_init(plainfb_init);
module_exit(plainfb_exit);
