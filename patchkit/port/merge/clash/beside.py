"""Each line was changed by one side only, though the lines stand beside each other."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from patchkit.port.ladder.place import weight
from patchkit.port.merge.block import Block
from patchkit.port.merge.lines import Step, keys, steps

WORD = re.compile(rb"\w{3,}")


def beside(block: Block) -> tuple[bytes, ...] | None:
    """Both changes, where neither is an insertion: lines that are put in beside lines that the
    other side rewrote belong to those as often as not; and beyond a blank line, where both
    brought the same words."""
    made = sorted(
        [(step, 0) for step in steps(block.base, block.ours)]
        + [(step, 1) for step in steps(block.base, block.theirs)]
    )
    for (above, side), (below, its) in pairwise(made):
        if below.start < above.end:
            return None
        if side != its and (above.is_insertion or below.is_insertion):
            between = block.base[above.end : below.start]
            if not between or (not weight(tuple(keys(between))) and _alike(block, above, below)):
                return None
    merged: list[bytes] = []
    at = 0
    for step, _ in made:
        merged += block.base[at : step.start]
        merged += step.lines
        at = step.end
    return (*merged, *block.base[at:])


def _alike(block: Block, one: Step, other: Step) -> bool:
    """Do both bring a word that was not there?"""
    return bool((_words(one.lines) & _words(other.lines)) - _words(block.base))


def _words(lines: Iterable[bytes]) -> set[bytes]:
    return {word for line in lines for word in WORD.findall(line)}
