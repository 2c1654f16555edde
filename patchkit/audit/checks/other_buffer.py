"""Mappings of one buffer right after another was set up.

cm_mmap() of cmpci says ``prog_dmabuf(s, 1)``, which allocates that of recording, and maps that of
playing: of nothing, where it was never played.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from patchkit.audit.checks.evidence import Evidence, said_of
from patchkit.audit.driver import Finding
from patchkit.csource.facts import Assignment, Call
from patchkit.csource.functions import Function
from patchkit.csource.parameters import parameter_names
from patchkit.csource.unit import Unit

_CHOICE = re.compile(rb"\(?\s*(\w+)\s*\)?\s*\?\s*([^?:]+?)\s*:\s*([^?:]+?)\s*\Z")
_NUMBER = re.compile(rb"\d+\Z")


def other_buffer(driver: Evidence) -> Iterator[Finding]:
    """Calls that choose a buffer by a constant, where the function goes on with the other one."""
    unit = driver.unit
    for function in dict.fromkeys(f for where, f, _ in driver.mappings() if where is unit):
        for call in unit.body(function).calls:
            chosen, other = _chosen(unit, call) or (b"", b"")
            taken = _taken_next(unit, function, call, (chosen, other)) if other else None
            if taken is not None and _bare(taken.value) == other:
                yield said_of(
                    "other-buffer-mapped",
                    unit,
                    function,
                    call.start,
                    f"sets up {chosen.decode('latin-1')} and goes on to map "
                    f"{other.decode('latin-1')}, which it left as it was",
                )
                break  # what the other direction does is the same mistake


def _chosen(unit: Unit, call: Call) -> tuple[bytes, bytes] | None:
    """The buffer that *call* works on by its constant argument, and the one that it leaves."""
    callee = unit.by_name.get(call.name)
    if callee is None or not any(map(_NUMBER.match, call.arguments)):
        return None
    names = parameter_names(callee)
    given = dict(zip(names, call.arguments, strict=False))
    for made in unit.body(callee).assignments:
        choice = _CHOICE.match(made.value)
        if choice and _NUMBER.match(given.get(choice[1], b"")):
            first, second = (_as_given(part, given) for part in (choice[2], choice[3]))
            return (first, second) if int(given[choice[1]]) else (second, first)
    return None


def _as_given(text: bytes, given: dict[bytes, bytes]) -> bytes:
    return _bare(re.sub(rb"(?<![\w>.])\w+", lambda name: given.get(name[0], name[0]), text))


def _bare(text: bytes) -> bytes:
    return re.sub(rb"\s", b"", text)


def _taken_next(
    unit: Unit, function: Function, call: Call, buffers: tuple[bytes, ...]
) -> Assignment | None:
    """The assignment of one of the *buffers* behind *call*, in its block."""
    for made in unit.body(function).assignments:
        if made.start < call.end or _bare(made.value) not in buffers:
            continue
        depth = 0
        for brace in re.finditer(rb"[{}]", unit.code[call.end : made.start]):
            depth += 1 if brace[0] == b"{" else -1
            if depth < 0:
                return None
        return made
    return None
