"""Buffers that every open() allocates and close() gives back only for the direction that was used.

cs4281_open() sets up both buffers; cs4281_release() frees that of playing if f_mode has FMODE_WRITE
and that of recording if it has FMODE_READ. The other stays, reserved.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from patchkit.audit.checks.evidence import Evidence, said_of
from patchkit.audit.driver import Finding
from patchkit.audit.program import Program
from patchkit.audit.site import Role
from patchkit.audit.tree_rules import called_below
from patchkit.csource.functions import Function
from patchkit.csource.unit import Unit

_DIRECTION = re.compile(rb"\bif\s*\([^;{}]*\bFMODE_(?:READ|WRITE)\b[^;{}]*\)\s*\{")


def one_direction(driver: Evidence) -> Iterator[Finding]:
    """open() whose allocating calls have no condition that all freeing calls of release() have."""
    unit = driver.unit
    gets = {trace.function.name for _, trace in driver.of_role(Role.RESERVE)}
    gives = {trace.function.name for _, trace in driver.of_role(Role.UNRESERVE)}
    for opened, released in _handlers(driver.program, unit):
        taken = _leading_to(unit, opened, gets)
        given = _leading_to(unit, released, gives)
        free = [at for at in taken if not _in_direction(unit, opened, at)]
        if free and given and all(_in_direction(unit, released, at) for at in given):
            yield said_of(
                "other-direction-kept",
                unit,
                opened,
                free[0],
                "reserves buffers whatever the file is opened "
                f"for, and {released.name.decode('latin-1')}() frees only that of f_mode",
            )


def _handlers(program: Program, unit: Unit) -> Iterator[tuple[Function, Function]]:
    for made in unit.initialisers:
        if made.type == b"file_operations":
            opened = unit.by_name.get(program.slot(unit, made, b"open") or b"")
            released = unit.by_name.get(program.slot(unit, made, b"release") or b"")
            if opened is not None and released is not None:
                yield opened, released


def _leading_to(unit: Unit, function: Function, names: set[bytes]) -> list[int]:
    """The calls of *function* by which it comes to one of *names*, not by way of itself."""
    return [
        call.start
        for call in unit.body(function).calls
        if call.name in unit.by_name
        and any(each.name in names for each in called_below(unit, [call.name]))
    ]


def _in_direction(unit: Unit, function: Function, at: int) -> bool:
    """Does offset *at* stand in a block for one direction?"""
    code = unit.code
    for found in _DIRECTION.finditer(code, function.body, at):
        inside = code[found.end() : at]
        depth = 1
        for brace in re.finditer(rb"[{}]", inside):
            depth += 1 if brace[0] == b"{" else -1
            if depth == 0:
                break
        if depth:
            return True
    return False
