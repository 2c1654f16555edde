"""Where a local begins a new life: what it held before reaches nothing behind that point.

amd64_configure() of 2.6.0 reads the aperture's address through ``tmp`` and then writes the table's
through it; without the order of the two, the aperture would be the table.
"""

from __future__ import annotations

import re
from collections import defaultdict

from patchkit.csource.facts import Body
from patchkit.csource.functions import Function
from patchkit.csource.unit import Unit

_GOTO = re.compile(rb"\bgoto\b")
_NAME = re.compile(rb"\w+")


def set_anew(unit: Unit, function: Function, body: Body) -> dict[bytes, list[int]]:
    """The offsets, ascending, at which each name is assigned whatever happened before.

    That is a statement of the function's outermost block that no condition, loop or undecided #if
    governs. A function with a goto has none: it may pass by.
    """
    code = unit.code
    found: dict[bytes, list[int]] = defaultdict(list)
    if _GOTO.search(code, function.body, function.end):
        return found
    open_branches = [
        (region.start, region.end)
        for region in unit.branches
        if region.holds is None
        and region.start < function.end
        and function.body < region.end
        and not (region.start <= function.start and function.end <= region.end)
    ]
    at, blocks, brackets = function.body, 0, 0
    for made in sorted(body.assignments, key=lambda made: made.start):
        if made.start < at or made.operator != b"=" or not _NAME.fullmatch(made.target):
            continue
        between = code[at : made.start]
        blocks += between.count(b"{") - between.count(b"}")
        brackets += between.count(b"(") - between.count(b")")
        at = made.start
        before = code[max(function.body, at - 200) : at].rstrip()[-1:]
        if any(start <= at < end for start, end in open_branches):
            continue
        if blocks == 1 and brackets == 0 and before in (b";", b"{", b"}"):
            found[made.target].append(at)
    return found
