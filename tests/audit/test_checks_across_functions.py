"""Checks that follow a buffer from one function to the next: each where it must speak, and a quiet
twin."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath

import pytest

from patchkit.audit.checks import evidence
from patchkit.audit.notice import RULES
from patchkit.flows.audit.audit_tree import audit_tree
from patchkit.tree.overlay import File, MemoryTree

TREE_RULES = {"munmap-skips-reserved-pages"}
TWO_WAYS = """
struct ring { char *pages; int order; int mapped; };
struct card { struct ring in, out; int lock; };

static int ring_up(struct card *c, unsigned record)
{
	struct ring *r = record ? &c->in : &c->out;
	if (!r->pages) {
		r->pages = (char *)__get_free_pages(GFP_KERNEL, r->order);
		if (!r->pages)
			return -ENOMEM;
		mem_map_reserve(virt_to_page(r->pages));
	}
	return 0;
}

static void ring_down(struct ring *r)
{
	mem_map_unreserve(virt_to_page(r->pages));
	free_pages((unsigned long)r->pages, r->order);
	r->pages = NULL;
}

static int card_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct card *card = file->private_data;
	struct ring *r;
	unsigned long size = vma->vm_end - vma->vm_start;
	int ret = -EINVAL;
	lock_kernel();
	if (vma->vm_flags & VM_WRITE) {
		if ((ret = ring_up(card, WAY)) != 0)
			goto out;
		r = &card->out;
	} else
		goto out;
	if (size > (PAGE_SIZE << r->order)) {
		TOO_MUCH
	}
	COUNTED_EARLY
	ret = -EAGAIN;
	if (remap_page_range(vma->vm_start, virt_to_phys(r->pages), size, vma->vm_page_prot))
		goto out;
	COUNTED_LATE
	ret = 0;
out:
	unlock_kernel();
	return ret;
}
static struct file_operations card_fops = {
	mmap:	card_mmap,
};
"""
FINE = {"WAY": "0", "TOO_MUCH": "goto out;", "COUNTED_LATE": "r->mapped = 1;", "COUNTED_EARLY": ""}
OPEN = """
struct camera { char *frames; int running; };

static char *frames_up(unsigned long size)
{
	char *mem = vmalloc_32(size);
	if (mem)
		mem_map_reserve(vmalloc_to_page(mem));
	return mem;
}

static void frames_down(char *mem)
{
	mem_map_unreserve(vmalloc_to_page(mem));
	vfree(mem);
}

static int start(struct camera *cam) { return cam->running; }

static int camera_open(struct video_device *dev, int flags)
{
	struct camera *cam = (struct camera *)dev;
	int i, err = 0;
	GUARD
	cam->frames = frames_up(4096);
	for (i = 0; i < 4; i++)
		if (!more_memory(cam))
			err = -ENOMEM;
	if (err) {
		frames_down(cam->frames);
		cam->frames = NULL;
	}
	if (!err)
		err = start(cam);
	AGAIN
	return err;
}
"""
BACK = "if (err) {\n\t\tframes_down(cam->frames);\n\t}"
SPLIT = {
    "a.c": """
struct grabber { char *buffer, *mask; };
char *grab_up(unsigned long size)
{
	char *mem = (char *)__get_free_pages(GFP_KERNEL, 3);
	if (mem)
		mem_map_reserve(virt_to_page(mem));
	return mem;
}
void grab_down(char *mem, unsigned long size)
{
	mem_map_unreserve(virt_to_page(mem));
	free_pages((unsigned long)mem, 3);
}
""",
    "b.c": """
struct grabber { char *buffer, *mask; };
static int grabber_open(struct grabber *g)
{
	if (!g->buffer)
		g->buffer = grab_up(4096);
	if (!g->buffer)
		return -ENOBUFS;
	g->mask = kmalloc(100, GFP_KERNEL);
	if (!g->mask) {
		grab_down(g->buffer, 4096);CLEAR
		return -ENOBUFS;
	}
	return 0;
}
static void grabber_close(struct grabber *g)
{
	if (g->buffer)
		grab_down(g->buffer, 4096);
	g->buffer = NULL;
}
""",
}


def found_in(**sources: str) -> dict[str, list[int]]:
    tree = MemoryTree(
        {PurePosixPath(f"drivers/{n}.c"): File(text.encode()) for n, text in sources.items()}
    )
    found: dict[str, list[int]] = {}
    for driver in audit_tree(tree, [PurePosixPath("drivers")]).drivers:
        for each in driver.findings:
            found.setdefault(each.kind, []).append(each.line)
    return found


def test_every_kind_of_finding_is_described() -> None:
    checks = Path(evidence.__file__).parent.glob("*.py")
    quoted = {
        name for path in checks for name in re.findall(r'"([a-z]+(?:-[a-z]+)+)"', path.read_text())
    }
    named = {name for name in quoted if name not in TREE_RULES}
    assert named - RULES.keys() == set()
    assert len(named) > 20


def filled(text: str, changes: dict[str, str]) -> str:
    for mark, code in changes.items():
        text = text.replace(mark, code)
    return text


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        ("other-buffer-mapped", {"WAY": "1"}),
        ("lock-kept", {"TOO_MUCH": "return -EINVAL;"}),
        ("counted-though-failed", {"COUNTED_EARLY": "r->mapped = 1;", "COUNTED_LATE": ""}),
        ("counted-though-failed", {"COUNTED_EARLY": "atomic_inc(&r->mapped);", "COUNTED_LATE": ""}),
    ],
)
def test_a_mapping_function_that_does_it_is_told_once(kind: str, changes: dict[str, str]) -> None:
    assert len(found_in(card=filled(TWO_WAYS, FINE | changes))[kind]) == 1


def test_a_mapping_function_that_does_all_right_is_left_in_peace() -> None:
    found = found_in(card=filled(TWO_WAYS, FINE))
    assert not found.keys() & {"other-buffer-mapped", "lock-kept", "counted-though-failed"}


def test_a_count_that_is_taken_back_on_failure_is_left_in_peace() -> None:
    counted = {"COUNTED_EARLY": "atomic_inc(&r->mapped);", "COUNTED_LATE": ""}
    text = filled(TWO_WAYS, FINE | counted)
    text = text.replace("out:\n", "out:\n\tif (ret) atomic_dec(&r->mapped);\n")
    assert "counted-though-failed" not in found_in(card=text)


def test_a_lock_that_a_called_function_gives_back_is_not_kept() -> None:
    text = filled(TWO_WAYS, FINE | {"TOO_MUCH": "out(card); return -EINVAL;"})
    text = "static void out(struct card *c) { unlock_kernel(); }\n" + text
    assert "lock-kept" not in found_in(card=text)


@pytest.mark.parametrize(
    ("guard", "again", "told"),
    [
        ("", "", True),
        ("", BACK, False),
        ("if (!cam->frames)", "", False),  # the next open() goes on with it
    ],
)
def test_an_open_that_fails_behind_its_cleanup(guard: str, again: str, told: bool) -> None:
    found = found_in(cam=filled(OPEN, {"GUARD": guard, "AGAIN": again}))
    assert ("leaked-on-error" in found) is told


@pytest.mark.parametrize(("clear", "told"), [("", True), (" g->buffer = NULL;", False)])
def test_a_pointer_that_stays_after_another_files_free(clear: str, told: bool) -> None:
    found = found_in(a=SPLIT["a.c"], b=SPLIT["b.c"].replace("CLEAR", clear))
    assert ("kept-after-free" in found) is told
