"""The line that marks a vma, put where its mapping has succeeded."""

from __future__ import annotations

import re
from dataclasses import dataclass

from patchkit.apis.memory import REMAPS
from patchkit.audit.chain import Place
from patchkit.audit.mapping import has_vma
from patchkit.csource.edit import Edit, indentation
from patchkit.csource.functions import Function
from patchkit.csource.statements import LOOPS, Statement, path_to, statements
from patchkit.csource.unit import Unit

_MARKED = re.compile(rb"\bvma_reserve\s*\(|\bvm_flags\s*\|=[^;]*\bVM_RESERVED\b")
_ASSIGNED = re.compile(rb"\s*(\w+)\s*=[^=]")
_LEAVES = re.compile(rb"\b(?:return|goto|TRACE_EXIT|TRACE_ABORT)\b")
_NEGATED = re.compile(rb"\s*\(\s*!")

MACRO = "macro"
FLAG = "flag"


@dataclass(frozen=True, slots=True)
class Refused:
    """A conversion that is not made, and why."""

    reason: str


def mark_vma(unit: Unit, place: Place, idiom: str) -> tuple[Edit, ...] | Refused:
    """The edits that mark the vma at *place* of *unit*; none where it is marked already.

    *idiom* is ``macro``, ``vma_reserve(vma)``, or ``flag``, ``vma->vm_flags |= VM_RESERVED``.
    """
    function = unit.by_name.get(place.function.encode())
    vma = has_vma(function) if function is not None else None
    if function is None or not vma:
        return Refused(f"{place.function}() has no vma to mark")
    if _MARKED.search(unit.code, function.body, function.end):
        return ()
    text = vma + b"->vm_flags |= VM_RESERVED;"
    if idiom == MACRO:
        text = b"vma_reserve(" + vma + b");"
    return placed(unit, place, (text,))


def placed(unit: Unit, place: Place, lines: tuple[bytes, ...]) -> tuple[Edit, ...] | Refused:
    """The edits that put *lines* where the mapping of *place* has succeeded."""
    function = unit.by_name[place.function.encode()]
    top = statements(unit.code[function.start : function.end], function.start)
    if top is None:
        return Refused(f"{place.function}() is not understood by the C grammar")
    edits: list[Edit] = []
    for at in _mapping_offsets(unit, function, place):
        made = _after(unit, top, at, lines)
        if isinstance(made, Refused):
            return made
        edits.extend(made)
    return tuple(dict.fromkeys(edits)) or Refused(f"{place.function}(): no mapping is seen in it")


def _mapping_offsets(unit: Unit, function: Function, place: Place) -> list[int]:
    """Where the mapping on *place*'s line is, and its likes elsewhere in the function."""
    body = unit.body(function)
    here = [call for call in body.calls if unit.line(call.start) == place.line]
    mapping = {call.name for call in here if b"remap" in call.name or b"mmap" in call.name}
    if mapping:
        return [call.start for call in body.calls if call.name in mapping]
    if here:
        return [here[0].start]
    assigned = [made.start for made in body.assignments if made.target.endswith(b"vm_ops")]
    # An edit further up may have moved the line.
    return assigned or [call.start for call in body.calls if call.name in REMAPS]


def _after(
    unit: Unit, top: Statement, at: int, wanted: tuple[bytes, ...]
) -> tuple[Edit, ...] | Refused:
    """The *wanted* statements after the one at *at*, loops around it included."""
    path = path_to(top, at)
    index = next((i for i, s in enumerate(path) if s.kind in LOOPS), len(path) - 1)
    if index == 0:
        return Refused(f"{unit.path}:{unit.line(at)}: the mapping is in no statement")
    statement, parent = path[index], path[index - 1]
    wrong = _misfit(unit, statement)
    if wrong is not None:
        return Refused(f"{unit.path}:{unit.line(statement.start)}: {wrong}")
    if statement.kind == "return":
        return (_returned(unit, statement, wanted),)
    source = unit.source
    indent = indentation(source, statement.start)
    code = unit.code[statement.start : statement.end]
    assigned = _ASSIGNED.match(code) if statement.kind == "expression" else None
    lines = b"".join(indent + line + b"\n" for line in wanted)
    if assigned is not None:
        lines = b"".join(indent + line + b"\n" for line in _guarded(b"!" + assigned[1], wanted))
    line_end = source.find(b"\n", statement.end) + 1 or len(source)
    if parent.kind in ("block", "case", "label"):
        return (Edit(line_end, line_end, lines),)
    # The only statement under an if or else: it gets braces.
    before = len(source[: statement.start].rstrip())
    outer = indentation(source, before)
    opening = Edit(before, before, b" {")
    following = source[line_end:]
    gap = len(following) - len(following.lstrip())
    if following[gap:].startswith(b"else"):
        return opening, Edit(line_end, line_end + gap, lines + outer + b"} ")
    return opening, Edit(line_end, line_end, lines + outer + b"}\n")


def _misfit(unit: Unit, statement: Statement) -> str | None:
    """Why nothing can be put behind *statement*; None where it can."""
    code = unit.code[statement.start : statement.end]
    if statement.kind == "if" and (not _LEAVES.search(code) or _NEGATED.match(code[2:])):
        return "what follows the mapping is not its success"
    if statement.kind not in LOOPS | {"if", "expression", "return"}:
        return f"the mapping is in a {statement.kind}"
    return None


def _guarded(condition: bytes, wanted: tuple[bytes, ...]) -> tuple[bytes, ...]:
    inner = tuple(b"\t" + line for line in wanted)
    if len(wanted) == 1:
        return (b"if (" + condition + b")", *inner)
    return (b"if (" + condition + b") {", *inner, b"}")


def _returned(unit: Unit, statement: Statement, wanted: tuple[bytes, ...]) -> Edit:
    """``return map();`` becomes a block that looks at the result first."""
    source = unit.source
    indent = indentation(source, statement.start)
    value = source[statement.start : statement.end].partition(b"return")[2].strip().rstrip(b";")
    lines = (
        b"{",
        b"\tint error = " + value.strip() + b";",
        b"",
        *(b"\t" + line for line in _guarded(b"!error", wanted)),
        b"\treturn error;",
        b"}",
    )
    block = b"\n".join(indent + line if line else line for line in lines).lstrip(b" \t")
    return Edit(statement.start, statement.end, block)
