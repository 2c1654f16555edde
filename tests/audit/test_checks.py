"""Checks of buffers' lives: each where it must speak, and a quiet twin."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from patchkit.flows.audit.audit_tree import audit_tree
from patchkit.tree.overlay import File, MemoryTree

# A driver with one buffer: what marks its pages, what maps them, who opens and closes it.
RING = """
struct ring { char *pages; struct page *page; int order; int mapped; };

static int ring_up(struct ring *r)
{
	int i;
	r->pages = (char *)__get_free_pages(GFP_KERNEL, r->order);
	if (!r->pages)
		return -ENOMEM;
	for (i = 0; i < 4; i++)
		mem_map_reserve(virt_to_page(r->pages + i * PAGE_SIZE));
	return 0;
}

static void ring_down(struct ring *r)
{
	int i;
	for (i = 0; i < 4; i++)
		mem_map_unreserve(virt_to_page(r->pages + i * PAGE_SIZE));
	free_pages((unsigned long)r->pages, r->order);
	r->pages = NULL;
}
"""
MAP = """
static int ring_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct ring *r = file->private_data;
	unsigned long size = vma->vm_end - vma->vm_start;
	if (size > (PAGE_SIZE << r->order))
		return -EINVAL;
	if (remap_page_range(vma->vm_start, virt_to_phys(r->pages), size, vma->vm_page_prot))
		return -EAGAIN;
	return 0;
}
"""
TALKS = MAP.replace("return -EINVAL;", 'printk("that is much\\n");')
IOCTL = """
static int ring_ioctl(struct inode *i, struct file *file, unsigned int cmd, unsigned long arg)
{
	struct ring *r = file->private_data;
	CHECK
	if (cmd == RING_STOP)
		DOWN(r);
	return 0;
}
static struct file_operations ring_fops = {
	OWNER_THIS_MODULE
	ioctl:	ring_ioctl,
	mmap:	ring_mmap,
};
"""
STOP = """
static void ring_stop(struct ring *r)
{
	if (r->mapped)
		return;
	ring_down(r);
}
"""
OPEN = """
static int ring_open(struct inode *inode, struct file *file)
{
	struct ring *in = &cards->in, *out = &cards->out;
	IN if (ring_up(in))
		return -ENOMEM;
	OUT if (ring_up(out))
		return -ENOMEM;
	return 0;
}

static int ring_release(struct inode *inode, struct file *file)
{
	if (file->f_mode & FMODE_WRITE) {
		ring_down(&cards->out);
	}
	if (file->f_mode & FMODE_READ) {
		ring_down(&cards->in);
	}
	return 0;
}
static struct file_operations ring_fops = {
	open:		ring_open,
	release:	ring_release,
};
"""
BY_MODE = (
    OPEN.replace("IN if", "if (file->f_mode & FMODE_READ) { if", 1)
    .replace("\tOUT if", "\t} if (file->f_mode & FMODE_WRITE) { if", 1)
    .replace("\treturn 0;\n}\n", "\t}\n\treturn 0;\n}\n", 1)
)
ALWAYS = OPEN.replace("IN if", "if").replace("OUT if", "if")
TABLE = """
struct table { unsigned char **rows; int count; };

static int table_up(struct table *t)
{
	t->rows = kmalloc(t->count * sizeof(char *), GFP_KERNEL);
	if (!t->rows)
		return -ENOMEM;
	t->rows[0] = (unsigned char *)__get_free_page(GFP_KERNEL);
	if (!t->rows[0]) {
		kfree(t->rows);CLEAR
		return -ENOBUFS;
	}
	mem_map_reserve(virt_to_page(t->rows[0]));
	return 0;
}

static void table_use(struct table *t)
{
	if (!t->rows)
		table_up(t);
}
"""
RETRY = """
struct bridge { int step; char *table; };
static struct bridge bridge;

static int bridge_up(void)
{
	int order, step = bridge.step;
	char *table;
	do {
		AGAIN
		order = step + 1;
		table = (char *)__get_free_pages(GFP_KERNEL, order);
		if (!table)
			bridge.step = smaller();
	} while (!table);
	mem_map_reserve(virt_to_page(table));
	bridge.table = table;
	return 0;
}
"""
DIRECT = IOCTL.replace("DOWN", "ring_down")
SLAVES = (
    RING
    + """
static int slave_up(struct ring *r)
{
	int i;
	r->pages = pci_alloc_consistent(card, PAGE_SIZE << r->order, &r->bus);
	for (i = 0; i < 4; i++)
		mem_map_reserve(virt_to_page(r->pages + i * PAGE_SIZE));
	return 0;
}
"""
)
BY_BUS = """	if (r->bus)
		pci_free_consistent(card, 4, r->pages, r->bus);
	else
		free_pages("""
CASES = {
    "freed-by-other-family": (SLAVES, SLAVES.replace("\tfree_pages(", BY_BUS)),
    "mapping-not-limited": (RING + TALKS, RING + MAP),
    "freed-while-mapped": (
        RING + MAP + DIRECT.replace("CHECK", ""),
        RING + MAP + STOP + IOCTL.replace("DOWN", "ring_stop").replace("CHECK", ""),
    ),
    "other-direction-kept": (RING + ALWAYS, RING + BY_MODE),
    "kept-after-free": (
        TABLE.replace("CLEAR", ""),
        TABLE.replace("CLEAR", "\n\t\tt->rows = NULL;"),
    ),
    "stale-copy": (RETRY.replace("AGAIN", ""), RETRY.replace("AGAIN", "step = bridge.step;")),
}


def kinds(source: str) -> list[str]:
    tree = MemoryTree({PurePosixPath("drivers/ring.c"): File(source.encode())})
    (driver,) = audit_tree(tree, [PurePosixPath("drivers")]).drivers
    return [found.kind for found in driver.findings]


@pytest.mark.parametrize("kind", CASES)
def test_it_is_found_where_it_is_and_only_there(kind: str) -> None:
    wrong, right = CASES[kind]
    assert kinds(wrong).count(kind) == 1
    assert kind not in kinds(right)


def test_an_ioctl_that_looks_at_its_mappings_first_is_left_in_peace() -> None:
    looks = DIRECT.replace("CHECK", "if (r->mapped)\n\t\treturn -EBUSY;")
    assert "freed-while-mapped" not in kinds(RING + MAP + looks)
