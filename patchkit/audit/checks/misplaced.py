"""Statements on the wrong side of a test or a return.

video1394 clears what kmalloc() gave it before it looks whether that is NULL; es1370_release()
returns before unlock_kernel().
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from patchkit.apis.memory import ALLOCATORS
from patchkit.audit.checks.evidence import Evidence
from patchkit.audit.driver import Finding

_CLEARED_FIRST = re.compile(
    rb"([\w>.\-]+)\s*=\s*(?:\([^()]*\)\s*)?(?:"
    + b"|".join(sorted(ALLOCATORS))
    + rb")\s*\([^;{}]*;\s*(memset)\s*\(\s*\1\s*,[^;{}]*;\s*"
    rb"if\s*\(\s*(?:!\s*\1\s*\)|\1\s*==\s*NULL|NULL\s*==\s*\1)"
)
# A return that no condition guards; what would give something back stands behind it.
_AFTER_RETURN = re.compile(
    rb"[;{}]\s*return\b[^;{}]*;\s*((?:\w*unlock\w*|up|\w*free\w*)\s*\([^;{}]*\)\s*;)"
)


def cleared_before_test(driver: Evidence) -> Iterator[Finding]:
    """Fresh memory that is written to before its NULL test."""
    unit = driver.unit
    spans = [(each.body, each.end) for each in unit.functions_with(b"memset")]
    for found in (found for span in spans for found in _CLEARED_FIRST.finditer(unit.code, *span)):
        yield Finding(
            "used-before-null-test",
            unit.path,
            unit.line(found.start(2)),
            f"{found[1].decode('latin-1')} is cleared before the test whether it is NULL",
        )


def behind_a_return(driver: Evidence) -> Iterator[Finding]:
    """Unlocks and frees that are never reached."""
    unit = driver.unit
    for found in _AFTER_RETURN.finditer(unit.code):
        if b"\n#" in unit.source[found.start() : found.end()]:
            continue  # the other branch of an #ifdef
        call = found[1].partition(b"(")[0].strip().decode("latin-1")
        yield Finding(
            "never-given-back",
            unit.path,
            unit.line(found.start(1)),
            f"{call}() stands behind a return and is never reached",
        )
