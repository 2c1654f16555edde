"""Returns between the allocation and the first place that keeps it.

sound_alloc_dmap() of OSS says "Got invalid address" and returns -EFAULT: the pages are lost. So are
those of sscape_alloc_dma(), which says 0 there, as it does when it gets no memory at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from patchkit.audit.checks.evidence import Evidence
from patchkit.audit.driver import Finding
from patchkit.audit.site import Role
from patchkit.audit.trace import Trace
from patchkit.csource.expression import values
from patchkit.csource.facts import Body, Return

_ERROR = re.compile(rb"-\s*E(?!NOMEM\b)[A-Z]+")


def leaked_on_error(driver: Evidence) -> Iterator[Finding]:
    """Error returns that forget what was just allocated into a local."""
    reported = set()
    for site, trace in driver.of_role(Role.RESERVE):
        for returned in _leaking(driver, trace):
            if returned.start not in reported:
                reported.add(returned.start)
                yield Finding(
                    "leaked-on-error",
                    site.file,
                    driver.unit.line(returned.start),
                    f"{site.function}() returns {returned.value.decode('latin-1')} without "
                    "freeing what it allocated",
                )


def _leaking(driver: Evidence, trace: Trace) -> Iterator[Return]:
    body = driver.unit.body(trace.function)
    for made in trace.origins:
        if (made.file, made.function) != (trace.unit.path, trace.function.name):
            continue
        holder = _local_holder(body, made.offset)
        if holder is None:
            continue
        end = _first_kept(body, holder, made.offset, trace.at)
        failures = set()  # what this function returns when it gets no memory
        for returned in body.returns:
            if not made.offset < returned.start < end:
                continue
            before = driver.unit.code[made.offset : returned.start]
            if _is_null_test(before, holder):
                failures.add(returned.value)
                continue
            failed = _ERROR.fullmatch(returned.value) or returned.value in failures
            if failed and not _is_freed(before, holder):
                yield returned


def _local_holder(body: Body, at: int) -> bytes | None:
    names = {local.name for local in body.locals}
    for made in body.assignments:
        if made.start <= at < made.end and made.target in names:
            return made.target
    return None


def _first_kept(body: Body, holder: bytes, after: int, at_last: int) -> int:
    """The first assignment that stores *holder* in something that outlives the function."""
    names = {local.name for local in body.locals}
    stores = (
        made.start
        for made in body.assignments
        if made.start > after
        and made.target not in names
        and any(value.name == holder for value in values(made.value))
    )
    return min(stores, default=at_last)


def _is_null_test(before: bytes, holder: bytes) -> bool:
    """Is the last condition in the text *before* a return the test whether it failed?"""
    condition = before[before.rfind(b"if") :] if b"if" in before else b""
    name = re.escape(holder)
    return (
        re.search(rb"!\s*" + name + rb"\b|\b" + name + rb"\s*==\s*(?:0|NULL)", condition)
        is not None
    )


def _is_freed(before: bytes, holder: bytes) -> bool:
    return re.search(rb"free\w*\s*\([^;]*\b" + re.escape(holder) + rb"\b", before) is not None
