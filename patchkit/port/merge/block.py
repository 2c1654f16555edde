"""Lines that both the patch and the target changed: the old image's, the target's, the patch's."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from patchkit.patch.model import Hunk, Kind
from patchkit.port.align import Alignment
from patchkit.port.ladder.place import Sought
from patchkit.port.merge.edits import Edit


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


def blocks(edits: Sequence[Edit], sought: Sought, alignment: Alignment) -> list[Block] | None:
    """The blocks around *edits* of the hunk, from top to bottom. None where one of them
    is open at an end: only lines that stand on both sides, no blank ones, tell what belongs to
    it."""
    hunk, target = sought.hunk, sought.text
    firm = {i for i, at in alignment.known.items() if target.keys[at]}
    size = len(hunk.old)
    # A file's beginning and end are as good as a line; diff leaves context out only there.
    kinds = [line.kind is Kind.CONTEXT for line in hunk.lines]
    top = -1 if hunk.old_start == 1 else None
    bottom = size if not sought.cut_off and kinds[0] and not kinds[-1] else None
    found: list[Block] = []
    for edit in edits:
        if found and found[-1].holds(edit):
            continue
        above = max((i for i in firm if i < edit.start), default=top)
        below = min((i for i in firm if i >= edit.end), default=bottom)
        if above is None or below is None:
            return None
        first = alignment.known[above] + 1 if above >= 0 else 0
        last = alignment.known[below] if below < size else len(target)
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
