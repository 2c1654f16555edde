"""Retries that change a setting and go on with an old copy of it.

agp_generic_create_gatt_table() takes agp_bridge.current_size into a local, tries to allocate by it,
steps current_size on failure and tries again by the local: the table is later freed with the order
of a size that it never had.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from patchkit.apis.memory import ALLOCATORS
from patchkit.audit.checks.evidence import Evidence, said_of
from patchkit.audit.driver import Finding
from patchkit.audit.site import Role
from patchkit.csource.facts import Assignment, Body, Loop

_MEMBER = re.compile(rb"\w+(?:\s*(?:->|\.)\s*\w+)+\Z")


def stale_copy(driver: Evidence) -> Iterator[Finding]:
    """Loops that allocate by a local, and assign anew what the local was copied from."""
    reserving = {t.function.start: t.function for _, t in driver.of_role(Role.RESERVE)}
    for function in reserving.values():
        body = driver.unit.body(function)
        for loop in body.loops:
            if not any(c.name in ALLOCATORS for c in body.calls if loop.body <= c.start < loop.end):
                continue
            for copied in _copies(body, loop):
                yield said_of(
                    "stale-copy",
                    driver.unit,
                    function,
                    copied.start,
                    "tries again with another "
                    f"{copied.value.decode('latin-1')} and still allocates by the old one in "
                    f"{_local(copied)}: what frees it by the new one frees another size",
                )


def _copies(body: Body, loop: Loop) -> Iterator[Assignment]:
    """The locals that hold, throughout *loop*, what a member was before it."""
    inside = [made for made in body.assignments if loop.body <= made.start < loop.end]
    for copied in body.assignments:
        if copied.start > loop.start or copied.operator != b"=" or not _MEMBER.match(copied.value):
            continue
        used = re.compile(rb"\b" + re.escape(copied.target) + rb"\b")
        renewed = any(made.target == copied.target for made in inside)
        # A copy that is written back is the one that counts.
        changed = any(
            made.target == copied.value
            and made.value != copied.value
            and not used.search(made.value)
            for made in inside
        )
        if changed and not renewed and any(used.search(made.value) for made in inside):
            yield copied


def _local(copied: Assignment) -> str:
    return copied.target.split()[-1].lstrip(b"*").decode("latin-1")
