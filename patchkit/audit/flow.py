"""Where an address goes: from the allocator through variables, members and calls.

Members are one place for all objects, told apart by the file whose struct has them: ``raw_buf`` of
sound's dev_table.h and ``raw_buf`` of sscape.c are two. Order within a function is not looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import PurePosixPath
from typing import NamedTuple

from patchkit.apis.memory import (
    ALLOCATORS,
    END_OF_THE_ROAD,
    FREES,
    REMAPS,
    TRANSLATIONS,
    VMA,
    Allocator,
)
from patchkit.audit.program import UNSEEN, Program
from patchkit.csource.body import body_facts
from patchkit.csource.expression import Value, values
from patchkit.csource.facts import Body, Call
from patchkit.csource.functions import Function
from patchkit.csource.unit import Unit

_NOWHERE = PurePosixPath()
_MACRO_AT_MOST = 1500
_NODES_AT_MOST = 600
_MAPS = re.compile(rb"\b(?:" + b"|".join(REMAPS) + rb")\b")
_ASSIGNS = re.compile(rb"[^=!<>]=[^=]")


class Node(NamedTuple):
    """A place that holds an address.

    ``kind`` is local, global, member, parameter, result, allocation, mapping or freeing; ``home``
    is the file that keeps its name apart from others, ``owner`` the function; of a parameter
    ``name`` is the index, of the last three the offset.
    """

    kind: str
    home: PurePosixPath
    owner: bytes
    name: bytes


class Edge(NamedTuple):
    """An address goes from *source* to *target* in that function.

    ``added`` marks what is added to another address: it may be one, but nobody would look for the
    allocation there.
    """

    source: Node
    target: Node
    file: PurePosixPath
    function: bytes
    offset: int
    added: bool = False


class Allocation(NamedTuple):
    """A call of an allocator."""

    allocator: Allocator
    arguments: tuple[bytes, ...]
    file: PurePosixPath
    function: bytes
    offset: int


class Reached(NamedTuple):
    """What a search found: for each node the edge by which it was reached, None at the start."""

    edges: dict[Node, Edge | None]

    def path(self, node: Node) -> tuple[Edge, ...]:
        """The edges between the start and *node*, those nearest the start first."""
        found: list[Edge] = []
        edge = self.edges.get(node)
        while edge is not None:
            found.append(edge)
            following = edge.source if edge.target == node else edge.target
            edge, node = self.edges.get(following), following
        return tuple(reversed(found))


class Flow:
    """The edges of a program, made function by function as a search comes by."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._mapping_units: dict[str, tuple[Unit, ...]] = {}
        self._into: dict[Node, list[Edge]] = {}
        self._out: dict[Node, list[Edge]] = {}
        self._done: set[tuple[PurePosixPath, int]] = set()
        self._near: dict[Node, Unit] = {}
        self.allocations: dict[Node, Allocation] = {}
        # What user space asked for (vm_pgoff, vm_start) is no address that a driver allocated.
        self.vma_members = frozenset(_vma_members(program))

    def sources(self, starts: Iterable[Node]) -> Reached:
        """Everything from which an address gets to one of *starts*."""
        return self._search(starts, back=True)

    def targets(self, starts: Iterable[Node]) -> Reached:
        """Everything to which an address of one of *starts* gets."""
        return self._search(starts, back=False)

    def _search(self, starts: Iterable[Node], *, back: bool) -> Reached:
        found: dict[Node, Edge | None] = dict.fromkeys(starts)
        waiting = list(found)
        edges = self._into if back else self._out
        for node in waiting:  # grows while it is walked: breadth first
            if len(found) > _NODES_AT_MOST:
                break
            for unit, function in self._touching(node, back=back):
                self.expand(unit, function)
            for edge in edges.get(node, ()):
                far = edge.source if back else edge.target
                if far not in found and not (back and edge.added):
                    found[far] = edge
                    waiting.append(far)
        return Reached(found)

    def nodes(self, unit: Unit, function: Function, expression: bytes, at: int) -> list[Node]:
        """The places from which *expression*, at offset *at* of *function*, takes its value."""
        reader = _Reader(self, unit, function)
        return [node for node, added in reader.nodes(expression, at) if not added]

    def expand(self, unit: Unit, function: Function) -> None:
        """Make the edges of *function*, once."""
        key = (unit.path, function.start)
        if key in self._done:
            return
        self._done.add(key)
        for edge in _Reader(self, unit, function).edges():
            if edge.source != edge.target:
                self._into.setdefault(edge.target, []).append(edge)
                self._out.setdefault(edge.source, []).append(edge)

    def seen_by(self, node: Node, unit: Unit) -> Node:
        self._near.setdefault(node, unit)
        return node

    # Which functions may have an edge at a node.

    def _touching(self, node: Node, *, back: bool) -> Iterator[tuple[Unit, Function]]:
        if node.kind == "local":
            unit = self._program.unit(node.home)
            if unit is not None and node.owner in unit.by_name:
                yield unit, unit.by_name[node.owner]
        elif node.kind == "global":
            yield from self._touching_global(node)
        elif node.kind == "member":
            yield from self._touching_member(node, back=back)
        elif node.kind == "parameter":
            yield from self._callers(node) if back else self._callees(node)
        elif node.kind == "result":
            yield from self._callees(node) if back else self._callers(node)

    def _touching_global(self, node: Node) -> Iterator[tuple[Unit, Function]]:
        if node.home != _NOWHERE:
            unit = self._program.unit(node.home)
            units: Iterable[Unit] = (unit,) if unit else ()
        else:
            units = self._program.mentioning(node.name, self._near[node].path.parent)
        for unit in units:
            for function in unit.functions_with(node.name):
                yield unit, function

    def _touching_member(self, node: Node, *, back: bool) -> Iterator[tuple[Unit, Function]]:
        if node.home == UNSEEN:
            near = self._near[node]
            for function in near.functions_with(node.name):
                yield near, function
        if node.home.parts[0] == "include":
            # The kernel's own structs tie a driver to what maps for it, and to everything else.
            if not back:
                yield from self._mapping_functions(node)
            return
        for unit in self._units_with_member(node):
            for function in unit.functions_with(node.name):
                yield unit, function

    def _mapping_functions(self, node: Node) -> Iterator[tuple[Unit, Function]]:
        for unit in self._mapping(self._near[node].path.parts[0]):
            if node.name not in unit.source:
                continue
            if self._program.home_of_member(unit, node.name) == node.home:
                for function in unit.functions_with(node.name):
                    if _MAPS.search(unit.code, function.body, function.end):
                        yield unit, function

    def _mapping(self, top: str) -> tuple[Unit, ...]:
        """The files below the folder *top* that map memory."""
        if top not in self._mapping_units:
            found = {
                u.path: u
                for name in REMAPS
                for u in self._program.mentioning(name, PurePosixPath(top))
            }
            self._mapping_units[top] = tuple(found.values())
        return self._mapping_units[top]

    def _units_with_member(self, node: Node) -> Iterator[Unit]:
        if node.home.suffix == ".c":
            unit = self._program.unit(node.home)
            if unit is not None:
                yield unit
            return
        for unit in self._program.mentioning(node.name, node.home.parent):
            if self._program.home_of_member(unit, node.name) == node.home:
                yield unit

    def _callees(self, node: Node) -> Iterator[tuple[Unit, Function]]:
        yield from self._program.definitions(node.owner, self._near[node])

    def _callers(self, node: Node) -> Iterator[tuple[Unit, Function]]:
        for unit, function in self._program.definitions(node.owner, self._near[node]):
            for place, caller, _ in self._program.callers(unit, function):
                yield place, caller


def _vma_members(program: Program) -> tuple[bytes, ...]:
    unit = program.unit(PurePosixPath("include/linux/mm.h"))
    return unit.struct_members(VMA) if unit is not None else ()


class _Reader:
    """One function's edges."""

    def __init__(self, flow: Flow, unit: Unit, function: Function) -> None:
        self._flow = flow
        self._unit = unit
        self._function = function
        body = unit.body(function)
        self._body = body
        self._parameters = parameter_names(function)
        self._locals = {local.name for local in body.locals} | set(self._parameters)

    def edges(self) -> Iterator[Edge]:
        for index, parameter in enumerate(self._parameters):
            given = self._boundary("parameter", self._unit, self._function, index)
            yield self._edge((given, False), self._variable(parameter), self._function.start)
        yield from self._assigned(self._body)
        for call in self._body.calls:
            yield from self._called(call)
        result = self._boundary("result", self._unit, self._function)
        for returned in self._body.returns:
            for source in self.nodes(returned.value, returned.start):
                yield self._edge(source, result, returned.start)

    def _edge(self, source: tuple[Node, bool], target: Node, offset: int) -> Edge:
        node, added = source
        return Edge(node, target, self._unit.path, self._function.name, offset, added)

    def _assigned(self, body: Body, at: int | None = None) -> Iterator[Edge]:
        for made in body.assignments:
            start = made.start if at is None else at
            added = made.operator != b"="
            targets = [v for v in values(made.target.lstrip(b"* ")) if v.kind != "call"]
            for value in targets[:1]:
                for target, _ in self._of(value, start):
                    for node, also in self.nodes(made.value, start):
                        yield self._edge((node, added or also), target, start)

    def _called(self, call: Call) -> Iterator[Edge]:
        if call.base is not None or call.name in TRANSLATIONS:
            return
        if call.name in ALLOCATORS:
            yield from self._bus_address(call)
        elif call.name in REMAPS:
            yield from self._ending("mapping", mapped_argument(call), call.start)
        elif call.name in FREES:
            for argument in call.arguments[FREES[call.name] :][:1]:
                yield from self._ending("freeing", argument, call.start)
        elif call.name in self._unit.macros:
            yield from self._through_macro(call)
        elif call.name not in END_OF_THE_ROAD:
            for index, argument in enumerate(call.arguments):
                target = self._boundary_by_name("parameter", call.name, index)
                for source in self.nodes(argument, call.start):
                    yield self._edge(source, target, call.start)

    def _ending(self, kind: str, argument: bytes, at: int) -> Iterator[Edge]:
        target = Node(kind, self._unit.path, self._function.name, b"%d" % at)
        for source in self.nodes(argument, at):
            yield self._edge(source, target, at)

    def _through_macro(self, call: Call) -> Iterator[Edge]:
        expanded = _expanded(self._unit, call.name, call.arguments)
        if expanded is None or not (_ASSIGNS.search(expanded) or _MAPS.search(expanded)):
            return
        body = body_facts(b"void m(void) {" + expanded + b";}")
        self._locals.update(local.name for local in body.locals)
        yield from self._assigned(body, call.start)
        for inner in body.calls:
            if inner.name in REMAPS:
                yield from self._ending("mapping", mapped_argument(inner), call.start)

    def _bus_address(self, call: Call) -> Iterator[Edge]:
        bus = ALLOCATORS[call.name].bus
        if bus is None or bus >= len(call.arguments):
            return
        born = self._allocation(call.name, call.arguments, call.start)
        for target, _ in self.nodes(call.arguments[bus], call.start):
            yield self._edge((born, False), target, call.start)

    def nodes(self, expression: bytes, at: int) -> Iterator[tuple[Node, bool]]:
        for value in values(expression):
            for node, added in self._of(value, at):
                yield node, added or value.offset

    def _of(self, value: Value, at: int, depth: int = 0) -> Iterator[tuple[Node, bool]]:
        if value.kind == "member":
            home = self._flow._program.home_of_member(self._unit, value.name)
            if value.name not in self._flow.vma_members:
                node = Node("member", home, b"", value.name)
                yield self._flow.seen_by(node, self._unit), value.offset
        elif value.kind == "name":
            yield from self._named(value, at, depth)
        elif value.name in ALLOCATORS and not value.root:
            yield self._allocation(value.name, value.arguments, at), value.offset
        elif value.name in TRANSLATIONS | {b"xchg"} and value.arguments:
            yield from self._inner(value.arguments[0], at, depth)
        elif value.name in self._unit.macros:
            expanded = _expanded(self._unit, value.name, value.arguments)
            if expanded is not None and depth < 4:
                yield from self._inner(expanded, at, depth + 1)
        elif not value.root and value.name not in END_OF_THE_ROAD:
            yield self._boundary_by_name("result", value.name), value.offset

    def _inner(self, expression: bytes, at: int, depth: int) -> Iterator[tuple[Node, bool]]:
        for value in values(expression):
            yield from self._of(value, at, depth)

    def _named(self, value: Value, at: int, depth: int) -> Iterator[tuple[Node, bool]]:
        macro = self._unit.macros.get(value.name)
        if macro is not None and macro.parameters is None and value.name not in self._locals:
            if depth < 4 and len(macro.body) < 200:
                yield from self._inner(macro.body, at, depth + 1)
            return
        yield self._variable(value.name), value.offset

    def _variable(self, name: bytes) -> Node:
        if name in self._locals:
            return Node("local", self._unit.path, self._function.name, name)
        home = self._unit.path if _is_static(self._unit, name) else _NOWHERE
        return self._flow.seen_by(Node("global", home, b"", name), self._unit)

    def _allocation(self, name: bytes, arguments: tuple[bytes, ...], at: int) -> Node:
        node = Node("allocation", self._unit.path, self._function.name, b"%d" % at)
        self._flow.allocations[node] = Allocation(
            ALLOCATORS[name], arguments, self._unit.path, self._function.name, at
        )
        return node

    def _boundary(self, kind: str, unit: Unit, function: Function, index: int = 0) -> Node:
        home = unit.path if unit.is_static(function) else _NOWHERE
        return self._flow.seen_by(Node(kind, home, function.name, b"%d" % index), unit)

    def _boundary_by_name(self, kind: str, name: bytes, index: int = 0) -> Node:
        function = self._unit.by_name.get(name)
        if function is not None:
            return self._boundary(kind, self._unit, function, index)
        return self._flow.seen_by(Node(kind, _NOWHERE, name, b"%d" % index), self._unit)


def mapped_argument(call: Call) -> bytes:
    """What a remap call maps: the second argument, the third where a vma comes first."""
    index = REMAPS[call.name]
    if call.arguments and re.fullmatch(rb"\w*vma\w*|area", call.arguments[0]):
        index += 1
    return call.arguments[index] if index < len(call.arguments) else b""


def parameter_names(function: Function) -> tuple[bytes, ...]:
    """The names of *function*'s parameters, in order; empty for one that has no name."""
    if b";" in function.parameters:  # K&R
        parts = function.parameters.strip().rstrip(b";").split(b";")
        return tuple(_declared(name) for part in parts for name in part.split(b","))
    return tuple(_declared(part) for part in _arguments(function.parameters))


@cache
def _arguments(text: bytes) -> tuple[bytes, ...]:
    parts, depth, begin = [], 0, 0
    for at, byte in enumerate(text):
        if byte in b"([":
            depth += 1
        elif byte in b")]":
            depth -= 1
        elif byte == 0x2C and depth == 0:
            parts.append(text[begin:at])
            begin = at + 1
    return (*parts, text[begin:])


def _declared(declaration: bytes) -> bytes:
    pointer = re.search(rb"\(\s*\*\s*(\w+)", declaration)
    if pointer:
        return pointer[1]
    named = re.search(rb"(\w+)\s*(?:\[[^\]]*\]\s*)*\Z", declaration)
    return named[1] if named else b""


def has_vma(function: Function) -> bytes | None:
    """The name of *function*'s vma parameter; None where it has none."""
    for part in _arguments(function.parameters):
        if VMA in part or b"vm_area_handle" in part:
            return _declared(part)
    return None


@cache
def _static_names(unit: Unit) -> frozenset[bytes]:
    found: set[bytes] = set()
    for declaration in re.finditer(rb"\bstatic\b([^;{}]*)", unit.top):
        found.update(re.findall(rb"(\w+)\s*(?=\[|=|,|\Z|;|\))", declaration[1]))
    return frozenset(found)


def _is_static(unit: Unit, name: bytes) -> bool:
    return name in _static_names(unit)


def _expanded(unit: Unit, name: bytes, arguments: tuple[bytes, ...]) -> bytes | None:
    """The body of macro *name* with *arguments* put in; None where it is no such macro."""
    macro = unit.macros[name]
    if macro.parameters is None or len(macro.body) > _MACRO_AT_MOST:
        return None
    if not macro.parameters or len(macro.parameters) != len(arguments):
        return macro.body
    by_name = dict(zip(macro.parameters, arguments, strict=True))
    pattern = rb"\b(" + b"|".join(map(re.escape, by_name)) + rb")\b"
    return re.sub(pattern, lambda found: by_name[found[1]], macro.body)
