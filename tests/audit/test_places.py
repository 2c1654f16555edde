"""Where the vma is found: through tables that are filled at run time, and in the hands of who made
it."""

from __future__ import annotations

from pathlib import PurePosixPath

from patchkit.audit.driver import Driver, Verdict
from patchkit.flows.audit.audit_tree import audit_tree
from patchkit.tree.overlay import File, MemoryTree

FRAMES = b"""
#include "cam.h"
static int cam_up(struct cam *cam)
{
	cam->frames = (char *)__get_free_pages(GFP_KERNEL, 3);
	mem_map_reserve(virt_to_page(cam->frames));
	return 0;
}
"""
MAPS = b"""
static int cam_map(struct video_device *dev, const char *at, unsigned long size)
{
	struct cam *cam = (struct cam *)dev;
	return remap_page_range((unsigned long)at, virt_to_phys(cam->frames), size, PAGE_SHARED);
}
"""
LATE = b"""
static void cam_probe(struct cam *cam)
{
	cam->plug.mmap = cam_map;
}
"""
HEADER = b"struct cam { int users; struct video_device plug; char *frames; };\n"
PLUGS = b"""
int plug_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct video_device *plug = plugs[0];
	return plug->mmap(plug, (char *)vma->vm_start, vma->vm_end - vma->vm_start);
}
"""
MAKES = b"""
static int cam_show(struct cam *cam, struct mm_struct *mm)
{
	struct vm_area_struct *area = kmem_cache_alloc(vm_area_cachep, SLAB_KERNEL);
	area->vm_start = free_place(mm);
	if (cam_map(0, (char *)area->vm_start, 4096))
		return -EAGAIN;
	insert_vm_struct(mm, area);
	return 0;
}
"""
BOOT = b"""
static void give(unsigned long at)
{
	ClearPageReserved(virt_to_page(at));
	free_page(at);
}
static int fb_mmap(struct fb_info *info, struct file *file, struct vm_area_struct *vma)
{
	return io_remap_page_range(vma->vm_start, info->fix.start, 4096, vma->vm_page_prot);
}
"""
MAPPING_RULE = File(
    b"int remap_page_range(unsigned long at)\n{\n\tif (PageReserved(page))\n\t\tset_pte(page);\n}\n"
)


def judged(**sources: bytes) -> Driver:
    files = {PurePosixPath(f"drivers/{n}.c"): File(text) for n, text in sources.items()}
    files |= {
        PurePosixPath("mm/memory.c"): MAPPING_RULE,
        PurePosixPath("drivers/cam.h"): File(HEADER),
        PurePosixPath("drivers/plugs.c"): File(PLUGS),
    }
    (driver,) = audit_tree(MemoryTree(files), [PurePosixPath("drivers")]).drivers
    return driver


def test_a_handler_that_is_put_into_its_table_at_run_time_is_followed() -> None:
    driver = judged(cam=FRAMES + MAPS + LATE)
    assert [(str(p.file), p.function) for p in driver.places] == [("drivers/plugs.c", "plug_mmap")]


def test_a_handler_that_is_put_nowhere_leads_to_no_place() -> None:
    driver = judged(cam=FRAMES + MAPS)
    assert driver.places == ()
    assert "nothing with a vma is seen to call cam_map()" in driver.chain[-1].what


def test_who_makes_a_vma_has_it_in_hand() -> None:
    driver = judged(cam=FRAMES + MAPS + MAKES)
    assert [place.function for place in driver.places] == ["cam_show"]


def test_boot_memory_given_back_beside_a_mapping_of_something_else_is_a_false_friend() -> None:
    driver = judged(fb=BOOT)
    assert driver.verdict is Verdict.FALSE_FRIEND
