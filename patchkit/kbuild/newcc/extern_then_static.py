"""``extern`` first and ``static`` later in one file: the first one says static too."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from patchkit.csource.edit import Edit
from patchkit.kbuild.newcc.rule import Rule, TreeFacts
from patchkit.kbuild.newcc.source import Source

_STATIC = re.compile(
    rb"^(?:static|__initfunc\(static)\b[\w\s*]*?[\s*](\w+)\s*(?:\[[^\]]*\]\s*)*(?:=|;|\([^;{}]*\)\s*(?:\{|;|[\w\s]*\{))",
    re.MULTILINE,
)
_EXTERN = re.compile(
    rb"^[ \t]*(extern)\b(?!\s*(?:__)?inline)[\w\s*]*?[\s*](\w+)"
    rb"\s*(?:\[[^\]]*\]\s*)*(?=;|\([^;{}]*\)\s*;)",
    re.MULTILINE,
)
_CONDITION = re.compile(rb"^[ \t]*#[ \t]*(if|el|endif)", re.MULTILINE)
_PLAIN = re.compile(
    rb"^(?!static\b|extern\b|typedef\b|return\b|else\b|asmlinkage\b)"
    rb"(?:[A-Za-z_][\w]*[ \t*]+)+?(\w+)[ \t]*\([^;{}()]*(?:\([^()]*\)[^;{}()]*)*\)[ \t]*;",
    re.MULTILINE,
)


def find(source: Source, _: TreeFacts) -> Iterator[Edit]:
    if source.path.suffix != ".c":  # in a header the two stand in two branches of one #if
        return
    code = source.code
    statics: dict[bytes, int] = {}
    for found in _STATIC.finditer(code):
        statics.setdefault(found[1], found.start())
    branches = _Branches(code)
    for found in _EXTERN.finditer(code):
        if branches.together(found.start(), statics.get(found[2])):
            yield Edit(found.start(1), found.end(1), b"static")
    for found in _PLAIN.finditer(code):
        if branches.together(found.start(), statics.get(found[1])):
            yield Edit(found.start(), found.start(), b"static ")


class _Branches:
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


RULE = Rule(
    "extern-then-static", "one name has one linkage", re.compile(rb"^static\b", re.MULTILINE), find
)
