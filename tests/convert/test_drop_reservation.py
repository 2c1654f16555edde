"""Reservations taken out of functions, with all that only they used."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from patchkit.convert.drop_reservation import without_reservation
from patchkit.csource.unit import Unit

WRAPPER = b"#define mem_map_reserve(p) x\n#define mem_map_unreserve(p) y\n"


def dropped(source: bytes) -> bytes:
    unit = Unit(PurePosixPath("a.c"), source, {})
    return without_reservation(unit, unit.functions.all, WRAPPER)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            b"#include <linux/wrapper.h>\nvoid f(void *mem)\n{\n\tunsigned long adr;\n\n"
            b"\tif (mem) {\n\t\tadr = (unsigned long) mem;\n\t\twhile (n > 0) {\n"
            b"\t\t\tmem_map_unreserve(virt_to_page(adr));\n\t\t\tadr += PAGE_SIZE;\n\t\t}\n"
            b"\t\tvfree(mem);\n\t}\n}\n",
            b"void f(void *mem)\n{\n\tif (mem)\n\t\tvfree(mem);\n}\n",
        ),
        (
            b"void f(void *mem)\n{\n\tstruct page *page;\n\tint i;\n\n"
            b"\tfor (page = virt_to_page(mem); page < end; page++)\n\t\tmem_map_reserve(page);\n"
            b"\ti = 0;\n\tg(i);\n}\n",
            b"void f(void *mem)\n{\n\tint i;\n\n\ti = 0;\n\tg(i);\n}\n",
        ),
        (
            b"void f(void)\n{\n\tfor (i = 0; i < n; i++) {\n\t\ta[i] = get_page();\n"
            b"\t\tmem_map_reserve(a[i]);\n\t}\n}\n",
            b"void f(void)\n{\n\tfor (i = 0; i < n; i++)\n\t\ta[i] = get_page();\n}\n",
        ),
    ],
)
def test_loops_locals_braces_and_includes_go(before: bytes, after: bytes) -> None:
    assert dropped(before) == after


def test_a_function_without_reservation_stays_as_it_is() -> None:
    source = b"void f(void)\n{\n\tint unused;\n\twhile (x) { y(); }\n}\n"
    assert dropped(source) == source


UNDO = b"""static void out(struct ring *r)
{
	int i;

	if (r->open) {
		if (r->mapped) {
			int i;

			/* Undo marking the pages as reserved */
			for (i = 0; i < r->pages; i++)
				mem_map_unreserve(virt_to_page(r->addr[i]));
		}

		stop(r);
	}
	for (i = 0; i < 4; i++)
		quiet(r, i);
}
"""
UNDONE = b"""static void out(struct ring *r)
{
	int i;

	if (r->open)
		stop(r);
	for (i = 0; i < 4; i++)
		quiet(r, i);
}
"""


def test_a_local_goes_from_its_own_block_and_what_governs_nothing_goes_too() -> None:
    assert dropped(UNDO) == UNDONE


def test_a_condition_that_does_something_stays() -> None:
    asks = UNDO.replace(b"if (r->mapped)", b"if (take(r))")
    assert b"if (take(r)) {" in dropped(asks)


def test_a_comment_on_something_else_stays() -> None:
    other = UNDO.replace(b"Undo marking the pages as reserved", b"This takes long")
    assert b"/* This takes long */" in dropped(other.replace(b"if (r->mapped)", b"if (take(r))"))
