"""Error paths that free what a member points to and leave the member as it is.

grabbuf_alloc() of planb says kfree(pb->rawbuf) and returns an error; the next mmap() takes the
pointer for a buffer, and close() frees it again. zoran_open() of zr36120 does so with bfree(), from
another file.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping

from patchkit.apis.memory import ALLOCATORS, FREES
from patchkit.audit.checks.evidence import Evidence, said_of
from patchkit.audit.driver import Finding
from patchkit.audit.site import Role
from patchkit.csource.expression import values
from patchkit.csource.facts import Body, Call
from patchkit.csource.functions import Function
from patchkit.csource.unit import Unit

_MEMBER = re.compile(rb"(\w+)\s*->\s*(\w+)\Z")
_CAST = re.compile(rb"\((?:\s*(?:const|unsigned|void|char|long|int|struct|\w+_t)\b)+[\s*\w]*\)\s*")
_TO_RETURN = re.compile(rb"[^{}]*\breturn\b\s*(?:-|NULL\b)")


def kept_after_free(driver: Evidence) -> Iterator[Finding]:
    """Frees, straight before an error return, of members that others test before they use them."""
    gets = {trace.function.name for _, trace in driver.of_role(Role.RESERVE)}
    gives = {trace.function.name: 0 for _, trace in driver.of_role(Role.UNRESERVE)}
    for unit, function in _functions(driver):
        body = unit.body(function)
        for call in body.calls:
            member = _freed_member(call, FREES | gives)
            if member is None or not _was_allocated_here(body, member, call.start, gets):
                continue
            failed = _TO_RETURN.match(unit.code, call.end, function.end)
            if failed is None or _is_set(body, member, call.end, failed.end()):
                continue
            if _is_tested(unit, function, member):
                yield said_of(
                    "kept-after-free",
                    unit,
                    function,
                    call.start,
                    f"frees {member.decode('latin-1')} and fails, and the pointer stays: whoever "
                    "tests it takes it for memory",
                )


def _functions(driver: Evidence) -> Iterator[tuple[Unit, Function]]:
    """Those with a site, and the callers of those that reserve."""
    found = {(driver.unit.path, each.start): (driver.unit, each) for each in driver.functions()}
    for _, trace in driver.of_role(Role.RESERVE):
        for unit, caller, _ in driver.program.callers(trace.unit, trace.function):
            found.setdefault((unit.path, caller.start), (unit, caller))
    yield from found.values()


def _freed_member(call: Call, frees: Mapping[bytes, int]) -> bytes | None:
    index = frees.get(call.name)
    if index is None or index >= len(call.arguments):
        return None
    member = _CAST.sub(b"", call.arguments[index]).strip()
    return member if _MEMBER.match(member) else None


def _was_allocated_here(body: Body, member: bytes, before: int, gets: Container[bytes]) -> bool:
    return any(
        made.target == member
        and made.start < before
        and any(
            each.kind == "call" and (each.name in ALLOCATORS or each.name in gets)
            for each in values(made.value)
        )
        for made in body.assignments
    )


def _is_set(body: Body, member: bytes, start: int, end: int) -> bool:
    return any(made.target == member and start <= made.start < end for made in body.assignments)


def _is_tested(unit: Unit, function: Function, member: bytes) -> bool:
    """Does another function of the file ask whether there is memory?"""
    name = re.escape(member.rpartition(b">")[2].strip())
    test = re.compile(rb"\bif\s*\(\s*!?\s*\w+\s*->\s*" + name + rb"\s*(?:\)|==|!=)")
    found = (unit.functions.at(each.start()) for each in test.finditer(unit.code))
    return any(other is not None and other != function for other in found)
