"""Where the line goes that marks a vma, by the shape of the mapping."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from patchkit.audit.chain import Place
from patchkit.convert.mark_vma import FLAG, MACRO, Refused, mark_vma
from patchkit.csource.edit import apply_edits
from patchkit.csource.unit import Unit

HEAD = b"static int my_mmap(struct file *f, struct vm_area_struct *vma)\n{\n"
PATH = PurePosixPath("a.c")


def marked(body: bytes, line: int, idiom: str = MACRO) -> bytes | Refused:
    unit = Unit(PATH, HEAD + body + b"}\n", {})
    edits = mark_vma(unit, Place(PATH, "my_mmap", line), idiom)
    if isinstance(edits, Refused):
        return edits
    return apply_edits(unit.source, edits)[len(HEAD) : -2]


@pytest.mark.parametrize(
    ("body", "line", "expected"),
    [
        (
            b"\tif (remap_page_range(a, b, c, d))\n\t\treturn -EAGAIN;\n\treturn 0;\n",
            3,
            b"\tif (remap_page_range(a, b, c, d))\n\t\treturn -EAGAIN;\n"
            b"\tvma_reserve(vma);\n\treturn 0;\n",
        ),
        (
            b"\twhile (n--) {\n\t\tif (remap_page_range(a, b, c, d))\n\t\t\treturn -1;\n\t}\n",
            4,
            b"\twhile (n--) {\n\t\tif (remap_page_range(a, b, c, d))\n\t\t\treturn -1;\n\t}\n"
            b"\tvma_reserve(vma);\n",
        ),
        (
            b"\tret = do_mmap(vma);\n\treturn ret;\n",
            3,
            b"\tret = do_mmap(vma);\n\tif (!ret)\n\t\tvma_reserve(vma);\n\treturn ret;\n",
        ),
        (
            b"        return do_mmap(vma);\n",
            3,
            b"        {\n        \tint error = do_mmap(vma);\n\n        \tif (!error)\n"
            b"        \t\tvma_reserve(vma);\n        \treturn error;\n        }\n",
        ),
        (
            b"\tif (x)\n\t\tvma->vm_ops = &a;\n\telse\n\t\ty();\n",
            4,
            b"\tif (x) {\n\t\tvma->vm_ops = &a;\n\t\tvma_reserve(vma);\n\t} else\n\t\ty();\n",
        ),
        (b"\tvma_reserve(vma);\n\tf(remap_page_range(a, b, c, d));\n", 4, None),
    ],
)
def test_the_vma_is_marked_after_the_mapping_has_succeeded(
    body: bytes, line: int, expected: bytes | None
) -> None:
    assert marked(body, line) == (body if expected is None else expected)


def test_the_flag_is_set_where_there_is_no_macro() -> None:
    found = marked(b"\tf(remap_page_range(a, b, c, d));\n", 3, FLAG)
    assert found == b"\tf(remap_page_range(a, b, c, d));\n\tvma->vm_flags |= VM_RESERVED;\n"


def test_a_mapping_whose_success_is_the_branch_is_refused() -> None:
    body = b"\tif (!remap_page_range(a, b, c, d))\n\t\treturn 0;\n\treturn -1;\n"
    assert isinstance(marked(body, 3), Refused)


def test_marking_twice_changes_nothing() -> None:
    once = marked(b"\tif (remap_page_range(a, b, c, d))\n\t\treturn -1;\n", 3)
    assert isinstance(once, bytes)
    assert marked(once, 3) == once
