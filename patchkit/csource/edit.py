"""The only way source text is changed: byte spans replaced back to front."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Edit(NamedTuple):
    """Replace the bytes from *start* up to *end* by *text*; an insertion has start == end."""

    start: int
    end: int
    text: bytes


def apply_edits(source: bytes, edits: Iterable[Edit]) -> bytes:
    """Replace byte spans from the last to the first, so earlier offsets stay true.

    Raises:
        ValueError: two edits overlap, or one is past the end.
    """
    limit = len(source)
    pieces: list[bytes] = []
    for edit in sorted(edits, reverse=True):
        if not 0 <= edit.start <= edit.end <= limit:
            raise ValueError(f"{edit} overlaps the edit that starts at byte {limit}")
        pieces += (source[edit.end : limit], edit.text)
        limit = edit.start
    pieces.append(source[:limit])
    return b"".join(reversed(pieces))
