"""Which branches of which ``#if`` a place is in; nothing is evaluated."""

from __future__ import annotations

import re
from bisect import bisect_right

_CONDITION = re.compile(rb"^[ \t]*#[ \t]*(if|el|endif)", re.MULTILINE)


class Branches:
    """Which branches of which ``#if`` an offset is in."""

    def __init__(self, code: bytes) -> None:
        stack: list[tuple[int, int]] = []
        self._starts = [0]
        self._stacks: list[dict[int, int]] = [{}]
        for found in _CONDITION.finditer(code):
            if found[1].startswith(b"if"):
                stack.append((found.start(), 0))
            elif stack:
                opened, branch = stack.pop()
                if found[1].startswith(b"el"):
                    stack.append((opened, branch + 1))
            self._starts.append(found.start())
            self._stacks.append(dict(stack))

    def together(self, first: int, second: int | None) -> bool:
        """Can a compiler see both, *first* before *second*?"""
        if second is None or second <= first:
            return False
        here, there = (self._stacks[bisect_right(self._starts, at) - 1] for at in (first, second))
        return all(there.get(opened, branch) == branch for opened, branch in here.items())

    def covers(self, first: int, second: int) -> bool:
        """Does a compiler that sees *second* see *first* too?"""
        here, there = (self._stacks[bisect_right(self._starts, at) - 1] for at in (first, second))
        return here.items() <= there.items()

    def conditional(self, at: int) -> bool:
        """Is *at* in any branch at all?"""
        return bool(self._stacks[bisect_right(self._starts, at) - 1])
