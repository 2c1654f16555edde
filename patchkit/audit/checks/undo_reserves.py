"""Teardown that sets the bit where it should clear it.

emu10k1's release and reset handlers say "Undo marking the pages as reserved" and call
mem_map_reserve() again; the pages stay reserved when the device is closed, and leak.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from patchkit.apis.memory import ALLOCATORS, FREES
from patchkit.audit.checks.evidence import Evidence
from patchkit.audit.driver import Finding
from patchkit.audit.site import Role

_TEARDOWN = re.compile(rb"(?:close|free|release|destroy|dealloc|cleanup|shutdown|remove)")
_NEXT_STATEMENTS = 200  # bytes: to the end of the block and one statement on


def undo_reserves(driver: Evidence) -> Iterator[Finding]:
    """Reserve sites that are followed at once by a call that takes things down."""
    for site, trace in driver.of_role(Role.RESERVE):
        loop = driver.loop_around(trace)
        end = loop.end if loop is not None else trace.at
        calls = driver.unit.body(trace.function).calls
        index = bisect_left(calls, end, key=lambda call: call.start)
        following = [c for c in calls[index : index + 1] if c.start < end + _NEXT_STATEMENTS]
        if following and _takes_down(following[0].name):
            yield Finding(
                "undo-reserves-again",
                site.file,
                site.line,
                f"{site.function}() reserves the pages just before "
                f"{following[0].name.decode('latin-1')}(): it should end their reservation",
            )


def _takes_down(name: bytes) -> bool:
    # get_free_page() is no teardown, and free_page() gives back what was not needed.
    return name not in FREES and name not in ALLOCATORS and _TEARDOWN.search(name) is not None
