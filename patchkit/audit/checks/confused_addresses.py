"""A translation put on an address of the wrong kind.

zr36120_mem.c walks the kernel-virtual address of its block and says phys_to_virt() to it: on i386
that is 3 GB off, and mem_map_reserve() writes beyond mem_map.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from patchkit.apis.memory import ALLOCATORS
from patchkit.audit.checks.evidence import Evidence
from patchkit.audit.driver import Finding
from patchkit.audit.trace import Trace, page_expression
from patchkit.csource.expression import values
from patchkit.csource.functions import Function

_FROM_PHYSICAL = re.compile(rb"\b(phys_to_virt|__va|bus_to_virt)\s*\(\s*(\w+)\s*\)")
_TO_PHYSICAL = re.compile(rb"\b\w*(?:to_phys|to_bus|to_pa|__pa)\b")
_ASSIGNED_DEEP = 4


def confused_addresses(driver: Evidence) -> Iterator[Finding]:
    """Physical-to-virtual translations of what is a virtual address already."""
    for site, trace in driver.traces:
        page = page_expression(trace.unit, trace.function, trace.at)
        found = _FROM_PHYSICAL.search(page or b"")
        if found and _is_virtual(driver, trace, found[2]):
            yield Finding(
                "virtual-taken-for-physical",
                site.file,
                site.line,
                f"{site.function}() says {found[1].decode()}() to {found[2].decode()}, which is a "
                "virtual address already",
            )


def _is_virtual(driver: Evidence, trace: Trace, name: bytes) -> bool:
    """Does *name* hold what an allocator returned, or a pointer parameter, untranslated?"""
    for _ in range(_ASSIGNED_DEEP):
        given = _values_of(driver, trace.function, name)
        if not given:
            return _is_pointer_parameter(trace.function, name) and bool(trace.origins)
        if any(_TO_PHYSICAL.search(value) for value in given):
            return False
        named = [value for text in given for value in values(text)]
        if any(value.kind == "call" and value.name in ALLOCATORS for value in named):
            return True
        onward = [value.name for value in named if value.kind == "name" and value.name != name]
        if not onward:
            return False
        name = onward[0]
    return False


def _values_of(driver: Evidence, function: Function, name: bytes) -> list[bytes]:
    return [
        made.value
        for made in driver.unit.body(function).assignments
        if made.target == name and made.operator == b"="
    ]


def _is_pointer_parameter(function: Function, name: bytes) -> bool:
    return re.search(rb"\*\s*" + name + rb"\b", function.parameters) is not None
