"""Functions that give their buffers back when one step fails, and keep them when a later one does.

ibmcam_open() frees what it has when memory is short; when the camera then does not start it
returns the error with all of it, and the next open() puts new buffers in its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from patchkit.audit.checks.evidence import Evidence, said_of
from patchkit.audit.driver import Finding
from patchkit.audit.site import Role
from patchkit.audit.tree_rules import called_below
from patchkit.csource.facts import Assignment
from patchkit.csource.functions import Function
from patchkit.csource.unit import Unit

_NAME = re.compile(rb"\w+")


def kept_when_failed(driver: Evidence) -> Iterator[Finding]:
    """Errors behind the last cleanup of a function whose buffer is always a new one."""
    gets = {trace.function.name for _, trace in driver.of_role(Role.RESERVE)}
    gives = {trace.function.name for _, trace in driver.of_role(Role.UNRESERVE)}
    seen = set()
    for _, trace in driver.of_role(Role.RESERVE):
        for unit, function, _ in driver.program.callers(trace.unit, trace.function):
            if (unit.path, function.start) in seen:
                continue
            seen.add((unit.path, function.start))
            failed = _failing_late(unit, function, gets, gives)
            if failed is not None:
                yield said_of(
                    "leaked-on-error",
                    unit,
                    function,
                    failed.start,
                    "may fail here, behind its cleanup, and keeps the buffers that it allocated: "
                    "they are lost when it allocates again",
                )


def _failing_late(
    unit: Unit, function: Function, gets: set[bytes], gives: set[bytes]
) -> Assignment | None:
    """The first assignment of an error, a call's result, behind the last cleanup for errors."""
    body = unit.body(function)
    kept = [made for made in body.assignments if _calls(made.value, gets)]
    error = body.returns[-1].value if body.returns else b""
    if not kept or not _NAME.fullmatch(error) or _is_guarded(unit, function, kept[0]):
        return None
    cleanups = [call.start for call in body.calls if call.name in gives]
    if not cleanups or not _for_error(unit, function, max(cleanups), error):
        return None
    for made in body.assignments:
        if made.start > max(cleanups) and made.target == error and b"(" in made.value:
            called = [name for name in _NAME.findall(made.value) if name in unit.by_name]
            if called and not any(each.name in gives for each in called_below(unit, called)):
                return made
    return None


def _calls(value: bytes, names: set[bytes]) -> bool:
    return any(name in names for name in _NAME.findall(value))


def _is_guarded(unit: Unit, function: Function, made: Assignment) -> bool:
    """Does the function look whether it has a buffer before it allocates one?"""
    target = re.escape(made.target)
    test = re.compile(rb"\bif\s*\(\s*!\s*" + target + rb"|\b" + target + rb"\s*==\s*(?:NULL|0)")
    return test.search(unit.code, function.body, made.start) is not None


def _for_error(unit: Unit, function: Function, at: int, error: bytes) -> bool:
    """Does offset *at* stand in a block that is for an *error* only?"""
    code = unit.code
    for found in re.finditer(rb"\bif\s*\(\s*" + error + rb"\b[^{};]*\{", code[:at]):
        if found.start() < function.body:
            continue
        inside = code[found.end() : at]
        if inside.count(b"{") >= inside.count(b"}"):
            return True
    return False
