"""Error paths that count down and stop before the first element.

planb's grabbuf_alloc() unwinds with ``i--`` and ``i > 0``: rawbuf[0] stays reserved and is lost.
ov511_alloc() says ``while (--i)`` to the buffers beside the reserved one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from patchkit.apis.memory import FREES
from patchkit.apis.reserved_page import UNRESERVE
from patchkit.audit.checks.evidence import Evidence
from patchkit.audit.driver import Finding
from patchkit.csource.facts import Loop
from patchkit.csource.functions import Function

_ABOVE_ZERO = re.compile(rb"^\(?\s*(\w+)\s*>\s*0\s*\)?$")
_PREDECREMENT = re.compile(rb"^\(?\s*--\s*(\w+)(?:\s*>\s*0)?\s*\)?$")
# What a loop that counts down must hold; spares the parse of all other functions.
_DOWN = re.compile(rb"\bfor\s*\([^;]*;[^;]*>\s*0\s*;|\bwhile\s*\(\s*--")


def unwinding(driver: Evidence) -> Iterator[Finding]:
    """Loops that give elements back and never come to index 0."""
    unit = driver.unit
    for function in unit.functions.all:
        if _DOWN.search(unit.code, function.body, function.end) is None:
            continue
        for loop in unit.body(function).loops:
            name = _counted_down(loop)
            if name is not None and _gives_back(driver, function, loop, name):
                yield Finding(
                    "unwind-skips-first",
                    unit.path,
                    unit.line(loop.start),
                    f"the loop in {function.name.decode('latin-1')}() gives back elements down "
                    f"to 1: element 0 is neither unreserved nor freed",
                )


def _counted_down(loop: Loop) -> bytes | None:
    below = _PREDECREMENT.match(loop.condition)
    if below:
        return below[1]
    above = _ABOVE_ZERO.match(loop.condition)
    if above and loop.kind == "for" and re.search(rb"--|-=\s*1", loop.update):
        return above[1]
    return None


def _gives_back(driver: Evidence, function: Function, loop: Loop, index: bytes) -> bool:
    indexed = re.compile(rb"\[\s*" + index + rb"\s*\]")
    return any(
        indexed.search(argument)
        for call in driver.unit.body(function).calls
        if loop.body <= call.start < loop.end and (call.name in FREES or call.name in UNRESERVE)
        for argument in call.arguments
    )
