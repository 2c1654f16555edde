"""One side's change is part of the other's: a later form of it, or a part that is there already."""

from __future__ import annotations

from collections.abc import Sequence

from patchkit.port.merge.block import Block, keys
from patchkit.port.merge.words import CODE, PLAIN, joined, split, woven


def contained(block: Block) -> tuple[bytes, ...] | None:
    """The lines of the side that did more, where it did all that the other one did."""
    if not any(keys(block.base)):
        return _insertions(block)
    pattern = CODE if block.is_c else PLAIN
    base, ours, theirs = (split(lines, pattern) for lines in block[4:7])
    merged = woven(base, ours, theirs)
    if merged is None or (merged.ours and merged.theirs):
        return None
    return joined(merged.tokens)


def _insertions(block: Block) -> tuple[bytes, ...] | None:
    """Both put lines in at one place."""
    ours, theirs = (list(filter(None, keys(lines))) for lines in (block.ours, block.theirs))
    if ours and _holds(theirs, ours):
        return block.theirs
    return block.ours if theirs and _holds(ours, theirs) else None


def _holds(lines: Sequence[bytes], part: Sequence[bytes]) -> bool:
    """Do *lines* have those of *part*, in that order?"""
    rest = iter(lines)
    return all(line in rest for line in part)
