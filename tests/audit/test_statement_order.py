"""What a local held before it was set anew is not taken for what it holds now."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from patchkit.audit.driver import Driver, Verdict
from patchkit.flows.audit.audit_tree import audit_tree
from patchkit.tree.overlay import File, MemoryTree

PATH = PurePosixPath("drivers/a.c")
DRIVER = b"""static unsigned long table, window;

static void setup(void)
{
	unsigned long word;

	word = read_window();
	%s
	word = __get_free_pages(GFP_KERNEL, 2);
	%s
	table = word;
	mem_map_reserve(virt_to_page(table));
}

static int a_mmap(struct file *file, struct vm_area_struct *vma)
{
	return remap_page_range(vma->vm_start, window, 4096, vma->vm_page_prot);
}
"""
MAPPING_RULE = File(
    b"int remap_page_range(unsigned long at)\n{\n\tif (PageReserved(page))\n\t\tset_pte(page);\n}\n"
)


def judged(before: bytes, after: bytes) -> Driver:
    files = {PATH: File(DRIVER % (before, after)), PurePosixPath("mm/memory.c"): MAPPING_RULE}
    report = audit_tree(MemoryTree(files), [PATH])
    return report.drivers[0]


def test_a_value_read_before_the_local_is_set_anew_is_another() -> None:
    driver = judged(b"window = word;", b"")
    assert driver.verdict is Verdict.UNRESOLVED
    assert driver.places == ()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"", b"window = word;"),
        (b"again: window = word; if (!table) goto again;", b"goto again;"),
    ],
)
def test_a_value_that_can_get_there_is_followed(before: bytes, after: bytes) -> None:
    driver = judged(before, after)
    assert driver.verdict is Verdict.KEEP
    assert [place.function for place in driver.places] == ["a_mmap"]


def test_the_branches_of_an_undecided_if_do_not_end_each_others_values() -> None:
    driver = judged(b"", b"window = word;\n#ifdef CONFIG_X\n\tword = other();\n#endif\n")
    assert driver.verdict is Verdict.KEEP
    both = b"\n#ifdef CONFIG_X\n\tword = __get_free_page(GFP_KERNEL);\n#endif\n\twindow = word;"
    assert len(judged(b"", both).memory.allocators) == 2
