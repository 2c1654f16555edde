"""Timer callbacks that may sleep, or give vmalloc memory back.

Timers run in interrupt context. ov511 gives up its reserved buffer in one: it waits for a semaphore
and calls rvfree(), which calls vfree().
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from patchkit.audit.checks.evidence import Evidence, said_of
from patchkit.audit.driver import Finding
from patchkit.audit.tree_rules import called_below

# Of the structs that the kernel calls back through, only timer_list names its member so.
_CALLBACK = re.compile(rb"(?:\.|->)\s*function\s*=\s*&?\s*(\w+)\s*;")
_SLEEPS = frozenset(
    (
        b"down", b"down_interruptible", b"vfree", b"vmalloc", b"vmalloc_32", b"schedule",
        b"sleep_on", b"interruptible_sleep_on",
    )
)  # fmt: skip


def timer_sleeps(driver: Evidence) -> Iterator[Finding]:
    """One finding for each callback, at the first call that must not be there."""
    unit = driver.unit
    for name in dict.fromkeys(found[1] for found in _CALLBACK.finditer(unit.code)):
        for function in called_below(unit, [name]):
            calls = unit.body(function).calls
            bad = next((call for call in calls if call.name in _SLEEPS), None)
            if bad is not None:
                yield said_of(
                    "sleeps-in-timer",
                    unit,
                    function,
                    bad.start,
                    f"calls {bad.name.decode()}(), and timer "
                    f"callback {name.decode('latin-1')}() leads there in interrupt context",
                )
                break
