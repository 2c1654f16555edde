"""Each line was changed by one side only, though the lines stand beside each other."""

from __future__ import annotations

from itertools import pairwise

from patchkit.port.merge.block import Block
from patchkit.port.merge.lines import steps


def beside(block: Block) -> tuple[bytes, ...] | None:
    """Both changes, where neither is an insertion: lines that are put in beside lines that the
    other side rewrote belong to those as often as not."""
    made = sorted(
        [(step, 0) for step in steps(block.base, block.ours)]
        + [(step, 1) for step in steps(block.base, block.theirs)]
    )
    for (above, side), (below, its) in pairwise(made):
        if below.start < above.end:
            return None
        touches = below.start == above.end and side != its
        if touches and (above.is_insertion or below.is_insertion):
            return None
    merged: list[bytes] = []
    at = 0
    for step, _ in made:
        merged += block.base[at : step.start]
        merged += step.lines
        at = step.end
    return (*merged, *block.base[at:])
