"""Where a local begins a new life: what it held before reaches nothing in the rest of that block.

amd64_configure() of 2.6.0 reads the aperture's address through ``tmp`` and then writes the table's
through it; without the order of the two, the aperture would be the table. In a loop of buz.c's,
``mem`` is a table of fragments first, and then each fragment.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from patchkit.csource.facts import Body
from patchkit.csource.functions import Function
from patchkit.csource.unit import Unit

_GOTO = re.compile(rb"\bgoto\b")
_NAME = re.compile(rb"\w+")
_BLOCKS = re.compile(rb"[{}]|\b(?:case\b|default\s*:)")


class Life(NamedTuple):
    """A name is assigned at ``start``, and what it held before is gone up to ``end``."""

    start: int
    end: int


class Lives:
    """The lives of the locals of one function, numbered by where they begin; 0 is the first.

    A life is begun by an assignment that is a statement of its block: no condition, loop or
    undecided #if of that block governs it. A function with a goto has none: it may pass by.
    """

    def __init__(self, unit: Unit, function: Function, body: Body) -> None:
        self._end = function.end
        self._lives: dict[bytes, list[Life]] = defaultdict(list)
        if _GOTO.search(unit.code, function.body, function.end) is None:
            for name, life in _lives(unit, function, body):
                self._lives[name].append(life)

    def at(self, name: bytes, offset: int) -> int:
        """The life of *name* at *offset*; the assignment that begins one is still of the last."""
        for life in reversed(self._lives.get(name, ())):
            if life.start < offset <= life.end:
                return life.start
        return 0

    def outlived(self) -> Iterator[tuple[bytes, int, int, int]]:
        """Where a block ends and what a name holds goes on: the name, the life that ends, the one
        that it joins, and the offset."""
        for name, lives in self._lives.items():
            for life in lives:
                after = life.end + 1
                joined = self.at(name, after)
                if after < self._end and joined != life.start:
                    yield name, life.start, joined, life.start


def _lives(unit: Unit, function: Function, body: Body) -> Iterator[tuple[bytes, Life]]:
    code = unit.code
    open_branches = [
        (region.start, region.end)
        for region in unit.branches
        if region.holds is None
        and region.start < function.end
        and function.body < region.end
        and not (region.start <= function.start and function.end <= region.end)
    ]
    blocks = _block_ends(code, function)
    starts = [start for start, _ in blocks]
    for made in sorted(body.assignments, key=lambda made: made.start):
        if made.operator != b"=" or not _NAME.fullmatch(made.target):
            continue
        if any(start <= made.start < end for start, end in open_branches):
            continue
        before = code[max(function.body, made.start - 200) : made.start].rstrip()[-1:]
        if before in (b";", b"{", b"}"):
            index = bisect_right(starts, made.start) - 1
            while index >= 0 and blocks[index][1] <= made.start:
                index -= 1
            if index >= 0:
                yield made.target, Life(made.start, blocks[index][1])


def _block_ends(code: bytes, function: Function) -> list[tuple[int, int]]:
    """Start and end of every block of *function*, and of what is between two labels of a switch."""
    found: list[tuple[int, int]] = []
    begun: list[int] = []
    for mark in _BLOCKS.finditer(code, function.body, function.end):
        if mark[0] == b"{":
            begun.append(mark.start())
        elif begun:
            found.append((begun.pop(), mark.start()))
            if mark[0] != b"}":
                begun.append(mark.start())
    return sorted(found)
