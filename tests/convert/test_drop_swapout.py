"""Swapout handlers that do nothing go when the vma is marked; what else uses them keeps them."""

from __future__ import annotations

from pathlib import PurePosixPath

from patchkit.convert.drop_swapout import without_swapout
from patchkit.csource.unit import Unit

MM_H = b"#define VM_RESERVED 0x00080000\n"
DRIVER = b"""static int snd_swapout(struct page *page, struct file *file);

static struct page *snd_nopage(struct vm_area_struct *vma, unsigned long at, int i)
{
	return first_page(vma, at);
}


#ifndef VM_KEEP
static int snd_swapout(struct page *page, struct file *file)
{
	return 0;
}
#endif /* VM_KEEP */


static struct vm_operations_struct snd_ops = {
	nopage:		snd_nopage,

#ifndef VM_KEEP
	swapout:	snd_swapout,
#endif
};

static int snd_mmap(struct file *file, struct vm_area_struct *vma)
{
	vma->vm_ops = &snd_ops;

#ifdef VM_KEEP
	vma->vm_flags |= VM_KEEP;
#endif
	return 0;
}
"""
WITHOUT = b"""static struct page *snd_nopage(struct vm_area_struct *vma, unsigned long at, int i)
{
	return first_page(vma, at);
}


static struct vm_operations_struct snd_ops = {
	nopage:		snd_nopage,
};

static int snd_mmap(struct file *file, struct vm_area_struct *vma)
{
	vma->vm_ops = &snd_ops;
	return 0;
}
"""


def dropped(source: bytes, mm_h: bytes = MM_H) -> bytes:
    unit = Unit(PurePosixPath("a.c"), source, {})
    line = unit.line(unit.by_name[b"snd_swapout"].start)
    return without_swapout(unit, frozenset((line,)), mm_h)


def test_the_handler_goes_with_its_slot_its_prototype_and_its_conditionals() -> None:
    assert dropped(DRIVER) == WITHOUT


def test_a_designated_slot_and_no_conditional() -> None:
    source = DRIVER.replace(b"swapout:\tsnd_swapout", b".swapout = snd_swapout")
    bare = b"\n".join(x for x in source.split(b"\n") if b"#" not in x and b"VM_KEEP" not in x)
    assert b"swapout" not in dropped(bare)
    assert b"{\n\tnopage:\t\tsnd_nopage,\n};" in dropped(bare)


def test_a_mark_by_a_flag_that_the_tree_has_stays() -> None:
    assert b"|= VM_KEEP" in dropped(DRIVER, MM_H + b"#define VM_KEEP 1\n")


def test_a_handler_that_something_else_uses_stays() -> None:
    used = DRIVER + b"void g(void)\n{\n\tregister_swapout(snd_swapout);\n}\n"
    assert dropped(used) == used


def test_a_conditional_with_more_in_it_stays_around_the_rest() -> None:
    more = DRIVER.replace(b"#endif /* VM_KEEP */", b"static int kept;\n#endif /* VM_KEEP */")
    assert b"#ifndef VM_KEEP\nstatic int kept;\n#endif /* VM_KEEP */\n" in dropped(more)
