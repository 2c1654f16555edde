"""nopage() handlers that count a user of a page which munmap will not count down.

free_pte() of mm/memory.c passes by reserved pages: drm's handlers raise page->count for every fault
and nothing lowers it, so that the block is lost when it is freed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from patchkit.audit.checks.evidence import Evidence, said_of
from patchkit.audit.driver import Finding
from patchkit.audit.site import Role

_COUNTS = re.compile(rb"\bget_page\s*\(|\batomic_inc\s*\(\s*&[^;]*\bcount\s*\)")


def counted_twice(driver: Evidence) -> Iterator[Finding]:
    """Counts taken on reserved pages."""
    if not driver.rules.holds("munmap-skips-reserved-pages"):
        return
    for _, trace in driver.of_role(Role.RESERVE):
        for nopage in trace.nopages:
            code = nopage.unit.code
            for found in _COUNTS.finditer(code, nopage.handler.body, nopage.handler.end):
                yield said_of(
                    "count-never-dropped",
                    nopage.unit,
                    nopage.handler,
                    found.start(),
                    "takes a reference on a reserved page; munmap skips reserved pages "
                    f"({driver.rules['munmap-skips-reserved-pages'].where}) and never drops it",
                )
