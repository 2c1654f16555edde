"""Mappings of a buffer as long as user space asks.

sound_mmap() of OSS compares the length with the buffer's and only says so: what lies behind the
buffer is kept from user space by nothing but remap_page_range()'s look at PG_reserved.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from patchkit.apis.memory import REMAPS
from patchkit.audit.checks.evidence import Evidence, said_of
from patchkit.audit.driver import Finding
from patchkit.audit.mapping import has_vma
from patchkit.csource.facts import Body, Call
from patchkit.csource.functions import Function
from patchkit.csource.unit import Unit

_LENGTH = re.compile(rb"(\w+)\s*->\s*vm_end\s*-\s*\1\s*->\s*vm_start")
_REFUSES = re.compile(rb"[^;{}]*(?:\{[^{}]*)?\b(?:return|goto|break|\w*size\w*\s*=|\w*len\w*\s*=)")


def unlimited_mapping(driver: Evidence) -> Iterator[Finding]:
    """Remaps of reserved memory for the whole vma, with no test of its length that refuses."""
    for unit, function, remap in driver.mappings():
        body = unit.body(function)
        call = next((c for c in body.calls if c.start == remap), None)
        if call is None or call.name not in REMAPS or not has_vma(function):
            continue
        names = _lengths(body)
        if _maps_all(call, names) and not _is_limited(unit, function, names, call.start):
            yield said_of(
                "mapping-not-limited",
                unit,
                function,
                call.start,
                "maps as much as user space asks for, however long the buffer is",
            )


def _lengths(body: Body) -> frozenset[bytes]:
    """The locals that hold the vma's length."""
    return frozenset(
        made.target.split()[-1] for made in body.assignments if _LENGTH.search(made.value)
    )


def _maps_all(call: Call, names: frozenset[bytes]) -> bool:
    return any(_LENGTH.search(each) or each.strip() in names for each in call.arguments)


def _is_limited(unit: Unit, function: Function, names: frozenset[bytes], before: int) -> bool:
    """Does a test of the length lead away, or make the length shorter?"""
    spelled = b"|".join([rb"vm_end", *map(re.escape, sorted(names))])
    length = rb"\b(?:" + spelled + rb")\b"
    compared = rb"(?:(?<!-)[<>]|!=)"
    test = re.compile(
        rb"\b(?:if|while|for)\s*\([^;{}]*(?:"
        + (length + rb"[^;{}]*" + compared + rb"|" + compared + rb"[^;{}]*" + length)
        + rb")"
    )
    return any(
        _REFUSES.match(unit.code, found.end(), function.end)
        for found in test.finditer(unit.code, function.body, before)
    )
