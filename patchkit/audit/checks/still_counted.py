"""Mappings that fail and stay counted.

packet_mmap() counts a mapping before remap_page_range() and returns with the count when that
fails: the ring cannot be changed any more. dmabuf_mmap() of usb-audio says mapped = 1 first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from patchkit.audit.checks.evidence import Evidence, said_of
from patchkit.audit.driver import Finding
from patchkit.csource.functions import Function
from patchkit.csource.unit import Unit

_COUNTS = re.compile(
    rb"\batomic_inc\s*\(\s*&([^;()]*\b(?:m?mapped|m?map_count))\s*\)\s*;"
    rb"|([\w>.\-]*(?:->|\.)\s*(?:m?mapped|m?map_count))\s*(?:\+\+|=\s*1)\s*;"
)
_FAILS = re.compile(rb"[^;{}]*\)\s*(?:\{[^{}]*?)?\b(?:return\b[^;]*|goto\s+(\w+))\s*;")


def still_counted(driver: Evidence) -> Iterator[Finding]:
    """Counts taken before a remap whose failing way does not give them back."""
    for unit, function, remap in driver.mappings():
        for at, counter in _left_counted(unit, function, remap):
            yield said_of(
                "counted-though-failed",
                unit,
                function,
                at,
                f"counts the mapping in {counter.decode('latin-1')} and does not take it back "
                "when the mapping fails",
            )


def _left_counted(unit: Unit, function: Function, remap: int) -> Iterator[tuple[int, bytes]]:
    code = unit.code
    for found in _COUNTS.finditer(code, function.body, remap):
        counter = (found[1] or found[2]).strip()
        failed = _FAILS.match(code, remap, function.end)
        if failed is None:
            continue
        way = failed[0]
        if failed[1]:
            label = re.compile(rb"\b" + failed[1] + rb"\s*:(?!:)")
            target = label.search(code, function.body, function.end)
            way += code[target.end() : function.end] if target else b""
        spelled = re.escape(counter)
        back = rb"atomic_dec\w*\s*\(\s*&\s*" + spelled + rb"|" + spelled + rb"\s*(?:--|=\s*0)"
        if re.search(back, way) is None:
            yield found.start(), counter
