"""From where memory is mapped to the functions that have the vma in hand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import PurePosixPath

from patchkit.apis.memory import VM_OPERATIONS, VMA
from patchkit.audit.chain import Place, Step
from patchkit.audit.program import Program
from patchkit.csource.functions import Function
from patchkit.csource.parameters import declarations, declared_name, parameter_names
from patchkit.csource.unit import Unit

_CALLS_DEEP = 5
_ASSIGNED = re.compile(rb"(?:.*?)(\w+)(?:\s*\[[^\]]*\])?\s*(?:->|\.)\s*(\w+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Places:
    """Where the vma of one mapping can be marked, how that was found, and where it broke off."""

    places: tuple[Place, ...]
    steps: tuple[Step, ...]
    broken: Step | None = None


@dataclass(frozen=True, slots=True)
class Nopage:
    """A nopage() handler and the vm_operations_struct that names it."""

    unit: Unit
    handler: Function
    operations: bytes
    start: int


def has_vma(function: Function) -> bytes | None:
    """The name of *function*'s vma parameter; None where it has none."""
    for part in declarations(function.parameters):
        if VMA in part or b"vm_area_handle" in part:
            return declared_name(part)
    return None


def vma_places(program: Program, unit: Unit, function: Function, at: int) -> Places:
    """The nearest functions with a vma that lead to offset *at* of *function*: those that are given
    one, else those that make one (perfmon of ia64)."""
    places: list[Place] = []
    made: list[Place] = []
    steps: list[Step] = []
    level = [(unit, function, at)]
    seen = {(unit.path, function.start)}
    for _ in range(_CALLS_DEEP):
        above: list[tuple[Unit, Function, int]] = []
        for where, inner, offset in level:
            if has_vma(inner):
                places.append(Place(where.path, _name(inner), where.line(offset)))
                continue
            if any(VMA in local.type for local in where.body(inner).locals):
                made.append(Place(where.path, _name(inner), where.line(offset)))
            for caller in _called_from(program, where, inner):
                outer, by, call, step = caller
                steps.append(step)
                if (outer.path, by.start) not in seen:
                    seen.add((outer.path, by.start))
                    above.append((outer, by, call))
        level = above
        if not level:
            break
    places = places or made[:1]
    broken = None
    if not places:
        line = unit.line(function.start)
        broken = Step(unit.path, line, f"nothing with a vma is seen to call {_name(function)}()")
    return Places(tuple(dict.fromkeys(places)), tuple(dict.fromkeys(steps)), broken)


def _name(function: Function) -> str:
    return function.name.decode("latin-1")


def _called_from(
    program: Program, unit: Unit, function: Function
) -> Iterator[tuple[Unit, Function, int, Step]]:
    name = _name(function)
    for outer, by, call in program.callers(unit, function):
        what = f"{_name(by)}() calls {name}()"
        yield outer, by, call.start, Step(outer.path, outer.line(call.start), what)
    for kind, member, start in slots_of(program, unit, function.name):
        made = Step(
            unit.path, unit.line(start), f"struct {kind.decode()} has {name} in {member.decode()}"
        )
        for outer, by, at in _indirect_calls(program, unit, kind, member):
            yield outer, by, at, made
            what = f"{_name(by)}() calls it through ->{member.decode()}"
            yield outer, by, at, Step(outer.path, outer.line(at), what)


def slots_of(program: Program, unit: Unit, name: bytes) -> Iterator[tuple[bytes, bytes, int]]:
    """The struct types and members into which *unit* puts the function *name*."""
    yield from _initialised(program, unit, name)
    for function in unit.functions_with(name):
        for made in unit.body(function).assignments:
            target = _ASSIGNED.fullmatch(made.target)
            if target is not None and _names(unit, made.value.lstrip(b"& "), name):
                kind = _type_of(program, unit, function, target[1])
                if kind is not None:
                    yield kind, target[2], made.start


def _type_of(program: Program, unit: Unit, function: Function, variable: bytes) -> bytes | None:
    """The struct type by which *variable*, a local or a member, is declared."""
    declared = re.compile(
        rb"\bstruct\s+(\w+)[\s*]+(?:\w+\s*,\s*\**\s*)*" + variable + rb"\s*[;,)=\[]"
    )
    found = declared.search(unit.code, function.start, function.end)
    if found is None:
        own = [path for path in program.headers(unit) if path.parts[0] != "include"]
        units = [unit, *(header for header in map(program.unit, own) if header is not None)]
        found = next(filter(None, (declared.search(each.top) for each in units)), None)
    return found[1] if found else None


def _initialised(program: Program, unit: Unit, name: bytes) -> Iterator[tuple[bytes, bytes, int]]:
    for made in unit.initialisers:
        for slot in made.slots:
            if not _names(unit, slot.value, name):
                continue
            member = slot.field
            if member is None:
                order = program.struct_members(unit, made.type)
                member = order[slot.position] if slot.position < len(order) else None
            if member is not None:
                yield made.type, member, slot.start


def _names(unit: Unit, value: bytes, name: bytes) -> bool:
    """Is *value* the function *name*, or a macro for it (``#define mmap_kmem mmap_mem``)?"""
    if value == name:
        return True
    macro = unit.macros.get(value)
    return macro is not None and macro.parameters is None and macro.body.strip() == name


def _indirect_calls(
    program: Program, unit: Unit, kind: bytes, member: bytes
) -> Iterator[tuple[Unit, Function, int]]:
    """The calls of ``x->member()`` where x is declared as that kind of struct."""
    for other in _calling_through(program, unit.path.parts[0], kind, member):
        for function in other.functions_with(member):
            for made in other.body(function).calls:
                through = made.base if made.name == member else None
                if through is not None and _is_declared(other, function, through, kind):
                    yield other, function, made.start


@cache
def _calling_through(program: Program, top: str, kind: bytes, member: bytes) -> tuple[Unit, ...]:
    """The files below *top* that know the struct and call through its member."""
    call = re.compile(rb"(?:->|\.)\s*" + re.escape(member) + rb"\s*\(")
    found = []
    for path in program.sources(PurePosixPath(top)):
        text = program.text(path)
        if text is not None and member in text and kind in text and call.search(text):
            unit = program.unit(path)
            if unit is not None:
                found.append(unit)
    return tuple(found)


def _is_declared(unit: Unit, function: Function, base: bytes, kind: bytes) -> bool:
    root = re.match(rb"[(*&\s]*(\w+)", base)
    if root is None:
        return False
    for local in unit.body(function).locals:
        if local.name == root[1]:
            return kind in local.type
    if root[1] in parameter_names(function):
        declared = rb"\b" + kind + rb"\b[\s*]*\b" + root[1] + rb"\b"
        return re.search(declared, function.parameters) is not None
    return False


def nopage_handlers(program: Program, folder: PurePosixPath) -> Iterator[Nopage]:
    """Every nopage() handler named by a vm_operations_struct at or below *folder*."""
    for unit in program.mentioning(VM_OPERATIONS, folder):
        if b"nopage" not in unit.source:
            continue
        for made in unit.initialisers:
            value = program.slot(unit, made, b"nopage") if made.type == VM_OPERATIONS else None
            if value in unit.by_name:
                assert value is not None
                yield Nopage(unit, unit.by_name[value], made.variable, made.start)


def operations_places(program: Program, nopage: Nopage) -> Places:
    """The functions that give a vma the operations of *nopage*."""
    places: list[Place] = []
    steps: list[Step] = []
    name = nopage.operations
    for unit in program.mentioning(name, nopage.unit.path.parent):
        for function in unit.functions_with(name):
            for made in unit.body(function).assignments:
                if made.target.endswith(b"vm_ops") and name in made.value and has_vma(function):
                    line = unit.line(made.start)
                    places.append(Place(unit.path, _name(function), line))
                    what = f"{_name(function)}() sets vm_ops to {name.decode()}"
                    steps.append(Step(unit.path, line, what))
    broken = None
    if not places:
        line = nopage.unit.line(nopage.start)
        broken = Step(nopage.unit.path, line, f"nothing is seen to set vm_ops to {name.decode()}")
    return Places(tuple(dict.fromkeys(places)), tuple(dict.fromkeys(steps)), broken)
