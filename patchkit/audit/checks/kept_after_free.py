"""Error paths that free what a member points to and leave the member as it is.

grabbuf_alloc() of planb says kfree(pb->rawbuf) and returns an error; the next mmap() takes the
pointer for a buffer, and close() frees it again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from patchkit.apis.memory import ALLOCATORS, FREES
from patchkit.audit.checks.evidence import Evidence
from patchkit.audit.driver import Finding
from patchkit.csource.expression import values
from patchkit.csource.facts import Body, Call
from patchkit.csource.functions import Function

_MEMBER = re.compile(rb"(\w+)\s*->\s*(\w+)\Z")
_CAST = re.compile(rb"\((?:\s*(?:const|unsigned|void|char|long|int|struct|\w+_t)\b)+[\s*\w]*\)\s*")
_TO_RETURN = re.compile(rb"[^{}]*\breturn\b\s*(?:-|NULL\b)")


def kept_after_free(driver: Evidence) -> Iterator[Finding]:
    """Frees, straight before an error return, of members that others test before they use them."""
    for function in driver.functions():
        body = driver.unit.body(function)
        for call in body.calls:
            member = _freed_member(call)
            if member is None or not _was_allocated_here(body, member, call.start):
                continue
            failed = _TO_RETURN.match(driver.unit.code, call.end, function.end)
            if failed is None or _is_set(body, member, call.end, failed.end()):
                continue
            if _is_tested(driver, function, member):
                yield Finding(
                    "kept-after-free",
                    driver.unit.path,
                    driver.unit.line(call.start),
                    f"{function.name.decode('latin-1')}() frees {_spelled(member)} and fails, and "
                    "the pointer stays: whoever tests it takes it for memory",
                )


def _freed_member(call: Call) -> bytes | None:
    index = FREES.get(call.name)
    if index is None or index >= len(call.arguments):
        return None
    member = _CAST.sub(b"", call.arguments[index]).strip()
    return member if _MEMBER.match(member) else None


def _was_allocated_here(body: Body, member: bytes, before: int) -> bool:
    return any(
        made.target == member
        and made.start < before
        and any(each.kind == "call" and each.name in ALLOCATORS for each in values(made.value))
        for made in body.assignments
    )


def _is_set(body: Body, member: bytes, start: int, end: int) -> bool:
    return any(made.target == member and start <= made.start < end for made in body.assignments)


def _is_tested(driver: Evidence, function: Function, member: bytes) -> bool:
    """Does another function of the file ask whether there is memory?"""
    name = re.escape(member.rpartition(b">")[2].strip())
    test = re.compile(rb"\bif\s*\(\s*!?\s*\w+\s*->\s*" + name + rb"\s*(?:\)|==|!=)")
    found = (driver.unit.functions.at(each.start()) for each in test.finditer(driver.unit.code))
    return any(other is not None and other != function for other in found)


def _spelled(member: bytes) -> str:
    return member.decode("latin-1")
