"""The only way in which source text is changed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Edit(NamedTuple):
    """Replace the bytes from *start* up to *end* by *text*."""

    start: int
    end: int
    text: bytes


def apply_edits(source: bytes, edits: Iterable[Edit]) -> bytes:
    """Make all *edits* of *source*, from the last to the first, so that offsets stay true.

    Raises:
        ValueError: two edits overlap, or one ends behind the text.
    """
    limit = len(source)
    pieces: list[bytes] = []
    for edit in sorted(set(edits), reverse=True):
        if not 0 <= edit.start <= edit.end <= limit:
            raise ValueError(f"{edit} overlaps the edit that starts at byte {limit}")
        pieces += (source[edit.end : limit], edit.text)
        limit = edit.start
    pieces.append(source[:limit])
    return b"".join(reversed(pieces))


def whole_lines(source: bytes, start: int, end: int) -> tuple[int, int]:
    """The span from *start* to *end* widened to the lines it is on, the last newline included."""
    begin = source.rfind(b"\n", 0, start) + 1
    stop = source.find(b"\n", end)
    return begin, len(source) if stop == -1 else stop + 1


def indentation(source: bytes, at: int) -> bytes:
    """The white space that begins the line of offset *at*."""
    begin = source.rfind(b"\n", 0, at) + 1
    line = source[begin:]
    return line[: len(line) - len(line.lstrip(b" \t"))]
