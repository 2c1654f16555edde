"""What stands at the top of a file, or of a piece of one."""

from __future__ import annotations

from patchkit.csource.items import Item, items

FILE = b"""\
#define TWICE(x) \\
\t((x) * 2)
static int count = 3;
typedef unsigned long pte_t;
extern int remap(struct vma *vma, int size);
struct vma {
\tint start, end;
};
typedef struct {
\tint x;
} point_t;
enum colour { RED, GREEN };
static struct file_operations fops = {
\topen: my_open,
};
static DECLARE_WAIT_QUEUE_HEAD(waiting);
int remap(struct vma *vma, int size)
{
\tint twice = TWICE(size);

\treturn twice;
}
EXPORT_SYMBOL(remap);
"""


def test_every_kind_of_item_has_its_name_and_lines() -> None:
    assert items(FILE) == (
        Item("macro", b"TWICE", 1, 2),
        Item("variable", b"count", 3, 3),
        Item("typedef", b"pte_t", 4, 4),
        Item("declaration", b"remap", 5, 5),
        Item("struct", b"vma", 6, 8),
        Item("typedef", b"point_t", 9, 11),
        Item("enum", b"colour", 12, 12),
        Item("variable", b"fops", 13, 15),
        Item("variable", b"waiting", 16, 16),
        Item("function", b"remap", 17, 22),
    )


def test_statements_of_a_piece_are_no_declarations() -> None:
    piece = (
        b"\tint local = 1;\n\tcall(local);\n\treturn local;\n}\n\nint other(void)\n{\n\tbody();\n"
    )
    assert items(piece) == (Item("function", b"other", 6, 8),)


def test_labels_and_calls_in_the_first_column_are_no_declarations() -> None:
    assert items(b"out:\nMODULE_LICENSE(GPL);\nreturn x;\na = b;\nstruct page;\n") == ()


def test_what_stands_in_comments_is_nothing() -> None:
    assert items(b"/*\n#define A 1\nint b;\n*/\n") == ()
