"""What a side made of some lines, by their words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

# C's tokens, or nearly so; a word of a comment or a string is one too.
CODE = re.compile(rb"\w+|[^\w\s]")
# In a Makefile or a text a word is what stands between blanks, and a line's end says something.
PLAIN = re.compile(rb"\S+|\n")
WORD = re.compile(rb"\w")


class Change(NamedTuple):
    """The words ``start`` to ``end`` of the base became ``added``."""

    start: int
    end: int
    added: tuple[bytes, ...]


class Span(NamedTuple):
    """The words ``start`` to ``end`` became those of ``first`` to ``last``."""

    start: int
    end: int
    first: int
    last: int


Differ = Callable[[Sequence[bytes], Sequence[bytes]], Iterator[Span]]


def split(lines: Iterable[bytes], pattern: re.Pattern[bytes]) -> tuple[bytes, ...]:
    """The words of *lines*."""
    return tuple(pattern.findall(b"\n".join(lines)))


def changes(old: Sequence[bytes], new: Sequence[bytes], differ: Differ) -> frozenset[Change]:
    """What became of *old*. Changes between which only signs stand are one; one that could as
    well begin higher up does so."""
    spans: list[Span] = []
    for span in differ(old, new):
        if spans and not any(WORD.match(text) for text in old[spans[-1].end : span.start]):
            spans[-1] = Span(spans[-1].start, span.end, spans[-1].first, span.last)
        else:
            spans.append(span)
    floor, found = 0, []
    for span in spans:
        start, end, first, last = _raised(span, old, new, floor)
        found.append(Change(start, end, tuple(new[first:last])))
        floor = end + 1
    return frozenset(found)


def shortest(old: Sequence[bytes], new: Sequence[bytes]) -> Iterator[Span]:
    """The fewest words taken out and put in."""
    from rapidfuzz.distance import Indel

    start = first = 0
    for block in Indel.opcodes(old, new).as_matching_blocks():
        if block.a > start or block.b > first:
            yield Span(start, block.a, first, block.b)
        start, first = block.a + block.size, block.b + block.size


def longest(old: Sequence[bytes], new: Sequence[bytes]) -> Iterator[Span]:
    """What is left between the longest runs that both have."""
    for tag, start, end, first, last in SequenceMatcher(None, old, new, False).get_opcodes():
        if tag != "equal":
            yield Span(start, end, first, last)


def _raised(span: Span, old: Sequence[bytes], new: Sequence[bytes], floor: int) -> Span:
    start, end, first, last = span
    if start < end and first < last:
        return span
    while start > floor and old[start - 1] == (old[end - 1] if first == last else new[last - 1]):
        start, end, first, last = start - 1, end - 1, first - 1, last - 1
    return Span(start, end, first, last)
