"""Buffers that an ioctl() gives back while user space still maps them.

video1394 frees its buffer on UNLISTEN: the ptes stay, point at pages that others get, and munmap
drops references that were never taken. Drivers that count their mappings look before they free.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from patchkit.audit.checks.evidence import Evidence, said_of
from patchkit.audit.driver import Finding
from patchkit.audit.site import Role
from patchkit.audit.tree_rules import called_below
from patchkit.csource.functions import Function
from patchkit.csource.unit import Unit

_LOOKS = re.compile(rb"map(?:ped|_?count|s)?\b|\bvm_?use|\busers?\b|\bcount\b", re.IGNORECASE)
_LOOKS_FIRST = re.compile(rb"\bif\s*\([^;{}]*\bmap(?:ped|_?count|s)\b")
_DEEP = 4


def freed_while_mapped(driver: Evidence) -> Iterator[Finding]:
    """Calls in an ioctl handler that lead to the end of a mapped buffer's reservation."""
    unit = driver.unit
    if not any(trace.mapped for _, trace in driver.of_role(Role.RESERVE)):
        return
    begins = {trace.function.name for _, trace in driver.of_role(Role.RESERVE)}
    ends = {trace.function.name for _, trace in driver.of_role(Role.UNRESERVE)}
    for handler in _ioctls(driver):
        for call in unit.body(handler).calls:
            if _LOOKS_FIRST.search(unit.code, handler.body, call.start):
                break
            if any(below.name in begins for below in called_below(unit, [call.name])):
                continue  # where it fails, it gives back what nobody has mapped yet
            way = _way(unit, call.name, ends, _DEEP)
            if way and not any(_LOOKS.search(unit.code, each.body, each.end) for each in way):
                yield said_of(
                    "freed-while-mapped",
                    unit,
                    handler,
                    call.start,
                    f"calls {call.name.decode('latin-1')}(), which frees the buffer; nobody looks "
                    "whether user space still maps it",
                )


def _ioctls(driver: Evidence) -> Iterator[Function]:
    for made in driver.unit.initialisers:
        if made.type in (b"file_operations", b"video_device"):
            value = driver.program.slot(driver.unit, made, b"ioctl")
            if value in driver.unit.by_name:
                assert value is not None
                yield driver.unit.by_name[value]


def _way(unit: Unit, name: bytes, ends: set[bytes], deep: int) -> list[Function]:
    """The functions from *name* down to one of *ends*; none where it does not lead there."""
    function = unit.by_name.get(name)
    if function is None or deep == 0:
        return []
    if name in ends:
        return [function]
    for call in unit.body(function).calls:
        below = _way(unit, call.name, ends, deep - 1)
        if below:
            return [function, *below]
    return []
