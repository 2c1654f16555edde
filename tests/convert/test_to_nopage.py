"""A driver that maps vmalloc memory page by page, and its nopage() form."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path, PurePosixPath

import pytest

from patchkit.flows.apply.apply_series import apply_series
from patchkit.flows.audit.convert_drivers import Converted, Wanted, convert_drivers
from patchkit.flows.intake.extract_mail import extract_mail
from patchkit.flows.intake.read_mail import read_mail
from patchkit.tree.overlay import File, MemoryTree

MM_H = b"""#define VM_DONTEXPAND 0x00040000
#define VM_RESERVED 0x00080000
struct vm_area_struct {
	unsigned long vm_start;
	unsigned long vm_end;
	void * vm_private_data;
};
struct vm_operations_struct {
	struct page * (*nopage)(struct vm_area_struct * area, unsigned long address, int unused);
};
"""
DRIVER = b"""#include <linux/mm.h>
#include <linux/wrapper.h>

struct cam { void *buf; };

static void *rvmalloc(unsigned long size)
{
	void *mem;
	unsigned long adr;

	mem = vmalloc_32(size);
	adr = (unsigned long) mem;
	while (size > 0) {
		mem_map_reserve(virt_to_page(__va(kvirt_to_pa(adr))));
		adr += PAGE_SIZE;
		size -= PAGE_SIZE;
	}
	return mem;
}

static int cam_open(struct cam *cam)
{
	cam->buf = rvmalloc(BUF_SIZE);
	return 0;
}

static int cam_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct cam *cam = file->private_data;
	unsigned long start = vma->vm_start;
	unsigned long page, pos;

	pos = (unsigned long) cam->buf;
	while (size > 0) {
		page = kvirt_to_pa(pos);
		if (remap_page_range(start, page, PAGE_SIZE, PAGE_SHARED))
			return -EAGAIN;
		start += PAGE_SIZE;
		pos += PAGE_SIZE;
		size -= PAGE_SIZE;
	}
	return 0;
}
"""
CONVERTED = b"""#include <linux/mm.h>

struct cam { void *buf; };

static void *rvmalloc(unsigned long size)
{
	void *mem;

	mem = vmalloc_32(size);
	return mem;
}

static int cam_open(struct cam *cam)
{
	cam->buf = rvmalloc(BUF_SIZE);
	return 0;
}

static struct page *cam_nopage(struct vm_area_struct *vma,
		unsigned long address, int unused)
{
	unsigned long offset = (vma->vm_pgoff << PAGE_SHIFT) + (address - vma->vm_start);
	unsigned long pos = (unsigned long) vma->vm_private_data + offset;
	struct page *page = virt_to_page(__va(kvirt_to_pa(pos)));

	get_page(page);
	return page;
}

static struct vm_operations_struct cam_vm_ops = {
	nopage:	cam_nopage,
};

static int cam_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct cam *cam = file->private_data;

	vma->vm_private_data = (void *) cam->buf;
	vma->vm_pgoff = 0;
	vma->vm_ops = &cam_vm_ops;
	vma->vm_flags |= VM_RESERVED | VM_DONTEXPAND;
	return 0;
}
"""


REMAP = b"int remap_page_range(void)\n{\n\tif (PageReserved(page))\n\t\treturn 0;\n}\n"
CAM = PurePosixPath("drivers/cam.c")


def kernel(driver: bytes) -> MemoryTree:
    files = {
        "include/linux/mm.h": MM_H,
        "include/linux/wrapper.h": b"#define mem_map_reserve(p) x\n",
        "mm/memory.c": REMAP,
        str(CAM): driver,
    }
    return MemoryTree({PurePosixPath(name): File(text) for name, text in files.items()})


def converted(driver: bytes) -> Converted:
    return convert_drivers(kernel(driver), [CAM.parent], Wanted(form="nopage"))


def test_the_loop_becomes_a_handler_and_the_reservation_goes(tmp_path: Path) -> None:
    ((name, patch),) = converted(DRIVER).patches
    (tmp_path / name).write_bytes(patch)
    with read_mail([str(tmp_path / name)], BytesIO()) as mailing:
        changes = apply_series(extract_mail(mailing), kernel(DRIVER)).changes
    result = changes[CAM]
    assert result is not None
    assert result.data == CONVERTED
    assert converted(CONVERTED).patches == ()


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (b"vmalloc_32(size)", b"(void *) __get_free_pages(GFP_KERNEL, 2)", "only vmalloc memory"),
        (b"(unsigned long) cam->buf", b"cam->buf", "not seen"),
        (b"\treturn 0;\n}\n", b"\tremap_page_range(a, b, c, d);\n\treturn 0;\n}\n", "calls map"),
    ],
)
def test_where_the_chain_is_not_certain_it_is_refused(old: bytes, new: bytes, says: str) -> None:
    made = converted(DRIVER.replace(old, new))
    assert made.patches == ()
    assert says in made.left[0].reason
