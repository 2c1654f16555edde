"""What is safe without a reservation follows from what mm/ does with pages that have none."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from patchkit.audit.driver import Driver, Verdict
from patchkit.convert.conversion import AS_POSTED
from patchkit.flows.audit.audit_tree import audit_tree
from patchkit.flows.audit.convert_drivers import Wanted, convert_drivers
from patchkit.tree.overlay import File, MemoryTree

DRIVER = b"""#include <linux/wrapper.h>
static char *ring;
static int ring_up(void)
{
	ring = ALLOCATED;
	if (!ring)
		return -ENOMEM;
	mem_map_reserve(virt_to_page(ring));
	return 0;
}

static void ring_down(void)
{
	mem_map_unreserve(virt_to_page(ring));
	FREED;
}

static int ring_mmap(struct file *file, struct vm_area_struct *vma)
{
	if (remap_page_range(vma->vm_start, virt_to_phys(ring), 4096, vma->vm_page_prot))
		return -EAGAIN;
	return 0;
}
static struct file_operations ring_fops = { mmap: ring_mmap };
"""
SINGLE = {b"ALLOCATED": b"(char *)__get_free_page(GFP_KERNEL)", b"FREED": b"free_page(ring)"}
BLOCK = {b"ALLOCATED": b"(char *)__get_free_pages(GFP_KERNEL, 2)", b"FREED": b"free_pages(ring, 2)"}
MEMORY = b"""
static int free_pte(pte_t pte)
{
	DROPS
}
static void zap_page_range(struct vm_area_struct *vma)
{
	SPARES
	free_pte(*pte);
}
static void remap_pte_range(pte_t *pte, unsigned long phys)
{
	pte_t old = *pte;
	SETS
	free_pte(old);
}
int remap_page_range(unsigned long from, unsigned long phys, unsigned long size, pgprot_t prot)
{
	remap_pte_range(pte, phys);
	return 0;
}
"""
ONLY_RESERVED = b"if (PageReserved(page))\n\t\tset_pte(pte, phys);"
ANY = b"set_pte(pte, phys);"
COUNTED = b"get_page(page);\n\tset_pte(pte, phys);"
DROPS = b"if (PageReserved(page))\n\t\treturn 0;\n\tfree_page(page);"
SPARES = b"if (vma->vm_flags & VM_RESERVED)\n\t\treturn;"
MM_H = b"#define VM_RESERVED 0x80000\nstruct vm_operations_struct { void *(*nopage)(void); };\n"


def tree(memory: dict[bytes, bytes], pages: dict[bytes, bytes] = SINGLE) -> MemoryTree:
    driver, mm = DRIVER, MEMORY
    for mark, code in pages.items():
        driver = driver.replace(mark, code)
    for mark, code in memory.items():
        mm = mm.replace(mark, code)
    files = {"drivers/ring.c": driver, "mm/memory.c": mm, "include/linux/mm.h": MM_H}
    return MemoryTree({PurePosixPath(path): File(text) for path, text in files.items() if text})


def judged(made: MemoryTree) -> Driver:
    (driver,) = audit_tree(made, [PurePosixPath("drivers")]).drivers
    return driver


@pytest.mark.parametrize(
    ("sets", "spares", "pages", "verdict", "says"),
    [
        (ONLY_RESERVED, b"", SINGLE, Verdict.KEEP, "maps only reserved pages"),
        (ANY, b"", SINGLE, Verdict.KEEP, "freed while in use"),
        (ANY, SPARES, BLOCK, Verdict.CONVERT, "munmap drops no reference in a marked vma"),
        (COUNTED, b"", SINGLE, Verdict.CONVERT, "takes a reference of it"),
        (COUNTED, b"", BLOCK, Verdict.KEEP, "only the head page has one of its own"),
    ],
)
def test_the_verdict_follows_the_tree(
    sets: bytes, spares: bytes, pages: dict[bytes, bytes], verdict: Verdict, says: str
) -> None:
    memory = {b"SETS": sets, b"SPARES": spares, b"DROPS": DROPS}
    driver = judged(tree(memory, pages))
    assert driver.verdict is verdict
    assert says in driver.reason
    assert "mm/memory.c:" in driver.reason


def test_a_tree_without_memory_c_is_not_guessed_at() -> None:
    made = tree({MEMORY: b""})
    assert judged(made).verdict is Verdict.KEEP
    assert "no remap_page_range() in mm/memory.c" in judged(made).reason


def test_as_posted_is_written_where_it_is_safe_and_marks_the_vma_in_the_same_file() -> None:
    safe = tree({b"SETS": COUNTED, b"SPARES": b"", b"DROPS": DROPS})
    ((_, patch),) = convert_drivers(
        safe, [PurePosixPath("drivers")], Wanted(form=AS_POSTED)
    ).patches
    assert patch.count(b"\n-\tmem_map_") == 2
    assert b"\n+\tvma->vm_flags |= VM_RESERVED;" in patch
    risky = tree({b"SETS": ANY, b"SPARES": b"", b"DROPS": DROPS})
    refused = convert_drivers(risky, [PurePosixPath("drivers")], Wanted(form=AS_POSTED))
    assert refused.patches == ()
    assert "freed while in use" in refused.left[0].reason
