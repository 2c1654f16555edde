"""Comments, strings and what only looks like them."""

from __future__ import annotations

import pytest

from patchkit.csource.lexical import lexed


@pytest.mark.parametrize(
    ("source", "code"),
    [
        (b'a("x /* y"); b', b"a(        ); b"),
        (b"a /* ' */ b // c\nd", b"a         b     \nd"),
        (b"#error don't\nf('x');", b"#error      \nf(   );"),
        (b"it's /* x */ y", b"it's         y"),
        (b'asm("one\n two" : a);', b"asm(    \n      : a);"),
        (b"/* never closed", b"               "),
        (rb'"\"" x', b"     x"),
    ],
)
def test_what_is_not_code_is_blanked(source: bytes, code: bytes) -> None:
    assert lexed(source).code == code


def test_lines_and_columns_count_from_one_in_bytes() -> None:
    text = lexed(b"a\n\xe9b\n")
    assert (text.line(0), text.column(0)) == (1, 1)
    assert (text.line(3), text.column(3)) == (2, 2)
