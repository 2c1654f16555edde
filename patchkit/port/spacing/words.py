"""A line as words and the white space between them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from patchkit.port.spacing.columns import lead, width

# A string is one word, with what touches it: nothing is put inside it.
SPLIT = re.compile(rb'((?:"(?:\\.|[^"\\])*"|\S)+)([ \t]*)')
WORD = re.compile(rb"[#\w]")
ITSELF = (b"=", b"/*", b"\\", b"struct", b"static", b"extern")


class Example(NamedTuple):
    """A whole line's words, the white space behind each, and the column of the first."""

    words: tuple[bytes, ...]
    gaps: tuple[bytes, ...]
    start: int

    def end(self, at: int) -> int:
        """The column at which the gap behind word *at* ends."""
        column = self.start
        for word, gap in zip(self.words[: at + 1], self.gaps[: at + 1], strict=True):
            column = width(gap, column + len(word))
        return column


@lru_cache(maxsize=8192)
def example(line: bytes) -> Example:
    """*line* taken apart."""
    found = SPLIT.findall(line.strip())
    return Example(
        tuple(word for word, _ in found), tuple(gap for _, gap in found), width(lead(line))
    )


@lru_cache(maxsize=8192)
def kind(word: bytes) -> bytes:
    """Words of one kind stand in one column of a table: names, numbers, or the word itself."""
    first, last = word[:1], word[-1:]
    tail = last if last in b",;:{(=" else b""
    if first == b"#" or word in ITSELF:
        return word
    if first.isdigit():
        return b"0" + tail
    if WORD.match(first):
        return b"a" + tail
    return first + tail
