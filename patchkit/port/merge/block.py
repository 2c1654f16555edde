"""Lines that both the patch and the target changed: the old image's, the target's, the patch's."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from patchkit.patch.model import Hunk, Kind
from patchkit.port.align import Alignment
from patchkit.port.merge.edits import Edit
from patchkit.port.text import Text, key


class Block(NamedTuple):
    """``base`` is the old image's lines ``start`` to ``end``, ``theirs`` what the patch makes of
    them, ``ours`` the target's lines ``first`` to ``last``. Nobody changed the lines beside."""

    start: int
    end: int
    first: int
    last: int
    base: tuple[bytes, ...]
    ours: tuple[bytes, ...]
    theirs: tuple[bytes, ...]
    is_c: bool

    def holds(self, edit: Edit) -> bool:
        return self.start <= edit.start and edit.end <= self.end


# What becomes of a block: its lines with both changes, or None where the rule can't tell.
Rule = Callable[[Block], tuple[bytes, ...] | None]


def blocks(
    refused: Sequence[Edit], hunk: Hunk, alignment: Alignment, target: Text
) -> list[Block] | None:
    """The blocks around the *refused* edits of *hunk*, from top to bottom. None where one of them
    is open at an end: only lines that stand on both sides, no blank ones, tell what belongs to
    it."""
    firm = {i for i, at in alignment.known.items() if target.keys[at]}
    found: list[Block] = []
    for edit in refused:
        if found and found[-1].holds(edit):
            continue
        above = max((i for i in firm if i < edit.start), default=None)
        below = min((i for i in firm if i >= edit.end), default=None)
        if above is None or below is None:
            return None
        first, last = alignment.known[above] + 1, alignment.known[below]
        ours = target.lines[first:last]
        base = tuple(line.text for line in hunk.old[above + 1 : below])
        theirs = tuple(_theirs(hunk, above + 1, below))
        found.append(Block(above + 1, below, first, last, base, ours, theirs, target.is_c))
    return found


def _theirs(hunk: Hunk, start: int, end: int) -> Iterator[bytes]:
    """What *hunk* makes of its old lines *start* to *end*, with what it adds at both ends."""
    at = 0
    for line in hunk.lines:
        if line.kind is Kind.ADDED:
            if start <= at <= end:
                yield line.text
            continue
        if line.kind is Kind.CONTEXT and start <= at < end:
            yield line.text
        at += 1


def keys(lines: Sequence[bytes]) -> list[bytes]:
    """The lines but for their white space."""
    return [key(line) for line in lines]
