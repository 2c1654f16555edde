"""Each line was changed by one side only, though the lines stand beside each other."""

from __future__ import annotations

from difflib import SequenceMatcher
from itertools import pairwise
from typing import NamedTuple

from patchkit.port.merge.block import Block, keys


class Step(NamedTuple):
    """Lines ``start`` to ``end`` of the base become ``lines``."""

    start: int
    end: int
    lines: tuple[bytes, ...]
    is_ours: bool


def beside(block: Block) -> tuple[bytes, ...] | None:
    """Both changes, where neither is an insertion: lines that are put in beside lines that the
    other side rewrote belong to those as often as not."""
    steps = sorted((*_steps(block, is_ours=True), *_steps(block, is_ours=False)))
    for above, below in pairwise(steps):
        if below.start < above.end:
            return None
        touch = below.start == above.end and above.is_ours != below.is_ours
        if touch and (above.start == above.end or below.start == below.end):
            return None
    merged: list[bytes] = []
    at = 0
    for step in steps:
        merged += block.base[at : step.start]
        merged += step.lines
        at = step.end
    return (*merged, *block.base[at:])


def _steps(block: Block, *, is_ours: bool) -> list[Step]:
    side = block.ours if is_ours else block.theirs
    matcher = SequenceMatcher(None, keys(block.base), keys(side), False)
    return [
        Step(start, end, side[first:last], is_ours)
        for tag, start, end, first, last in matcher.get_opcodes()
        if tag != "equal"
    ]
