"""White space between the words of an added line, by the example of lines like it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from patchkit.port.spacing.columns import TAB, fill, lead, width

# A string is one word, with what touches it: nothing is put inside it.
SPLIT = re.compile(rb'((?:"(?:\\.|[^"\\])*"|\S)+)([ \t]*)')
WORD = re.compile(rb"[#\w]")


def words(line: bytes) -> tuple[list[bytes], list[bytes]]:
    """The words of *line*, and the white space behind each."""
    found = SPLIT.findall(line.strip())
    return [word for word, _ in found], [gap for _, gap in found]


def restore(indent: bytes, body: bytes, examples: Iterable[bytes]) -> bytes:
    """*indent* and *body*, whose gaps are one blank each, with the gaps that the first of
    *examples* (whole lines, most telling first) shows for the same place in a line."""
    parts, _ = words(body)
    known = [(*words(example), width(lead(example))) for example in examples]
    line, column = indent, width(indent)
    for at, word in enumerate(parts):
        line += word
        column += len(word)
        if at + 1 < len(parts):
            gap = _gap(parts, at, column, known)
            line += gap
            column = width(gap, column)
    return line


def _gap(
    parts: Sequence[bytes],
    at: int,
    column: int,
    known: Sequence[tuple[list[bytes], list[bytes], int]],
) -> bytes:
    """The gap behind word *at*, which ends at *column*."""
    for theirs, gaps, start in known:
        place = _same_place(parts, at, theirs)
        if place is None:
            continue
        gap = gaps[place]
        if gap == b" ":
            return gap
        end = start
        for word, white in zip(theirs[: place + 1], gaps[: place + 1], strict=True):
            before = end + len(word)
            end = width(white, before)
        return _reaching(column, end, gap)
    return b" "


def _reaching(column: int, end: int, like: bytes) -> bytes:
    """A gap from *column* to the column *end* of the example, made as *like* is."""
    if end <= column:
        return b"\t" if b"\t" in like else b" "
    if b"\t" not in like:
        return b" " * (end - column)
    if like.strip(b"\t"):
        return fill(column, end)
    stops = -(-end // TAB) - column // TAB
    return b"\t" * max(1, stops)


def _same_place(parts: Sequence[bytes], at: int, theirs: Sequence[bytes]) -> int | None:
    """The gap of an example line that corresponds to the one behind ``parts[at]``."""
    right = parts[at + 1]
    if right.startswith((b"/*", b"//")) or right == b"\\":
        mark = right[:2]
        for place in range(len(theirs) - 1):
            if theirs[place + 1].startswith(mark):
                return place
        return None
    if at + 1 >= len(theirs):
        return None
    same = all(_kind(a) == _kind(b) for a, b in zip(parts[: at + 1], theirs, strict=False))
    return at if same and _kind(right) == _kind(theirs[at + 1]) else None


def _kind(word: bytes) -> bytes:
    """Words of one kind stand in one column of a table: names, numbers, or the word itself."""
    first, last = word[:1], word[-1:]
    tail = last if last in b",;:{(=" else b""
    if word.startswith(b"#") or word in (b"=", b"/*", b"\\", b"struct", b"static", b"extern"):
        return word
    if first.isdigit():
        return b"0" + tail
    if WORD.match(first):
        return b"a" + tail
    return first + tail
