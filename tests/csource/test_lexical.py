"""Comments, strings and what only looks like them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patchkit.csource.lexical import lexed, whole_words


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


@given(st.text("ab_ 1(", max_size=30), st.sampled_from(["a", "ab", "a1", "_"]))
def test_whole_words_are_those_of_a_pattern_with_word_boundaries(text: str, word: str) -> None:
    wanted = [found.start() for found in re.finditer(rf"\b{word}\b", text)]
    assert list(whole_words(text.encode(), word.encode())) == wanted
