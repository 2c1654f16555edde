"""Loops over pages that run one page too far.

dmabuf.c and sscape.c of OSS end their reservation with ``page <= virt_to_page(start + size)``: the
page after the buffer, somebody else's, loses its bit. Others subtract 1 first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from patchkit.audit.checks.evidence import Evidence
from patchkit.audit.driver import Finding
from patchkit.audit.site import Role
from patchkit.audit.trace import Trace
from patchkit.csource.facts import Loop

_UP_TO = re.compile(rb"\s*\w+\s*<=\s*(.+?)\s*\Z", re.DOTALL)
_NAME = re.compile(rb"\w+\Z")
_PAGE_OF = re.compile(rb"(?:virt_to_page|MAP_NR)\s*\((.*)\)\Z", re.DOTALL)
_LESS_ONE = re.compile(rb"-\s*(?:1|PAGE_SIZE)\b")


def page_loops(driver: Evidence) -> Iterator[Finding]:
    """Inclusive loops whose end is the first byte after the buffer."""
    for site, trace in driver.traces:
        loop = driver.loop_around(trace)
        end = _inclusive_end(driver, trace, loop) if loop is not None else None
        if loop is None or end is None or b"+" not in end or _LESS_ONE.search(end):
            continue
        verb = "reserves" if site.role is Role.RESERVE else "ends the reservation of"
        yield Finding(
            "page-loop-off-by-one",
            site.file,
            driver.unit.line(loop.start),
            f"the loop in {site.function}() {verb} one page too many: it runs up to and "
            f"including {b' '.join(end.split()).decode('latin-1')}",
        )


def _inclusive_end(driver: Evidence, trace: Trace, loop: Loop) -> bytes | None:
    """The address that the loop still takes in, its names replaced by what they were set to."""
    condition = loop.condition
    if loop.kind != "for":  # a while's brackets belong to its condition
        condition = condition.strip()[1:-1]
    bound = _UP_TO.match(condition)
    if bound is None:
        return None
    end = bound[1]
    for _ in range(3):
        page = _PAGE_OF.match(end)
        if page:
            end = page[1].strip()
        if _NAME.match(end) is None:
            break
        value = driver.assigned(trace.function, end, loop.start)
        if value is None:
            break
        end = value
    return end
