"""One function → the ways that addresses take in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import PurePosixPath

from patchkit.apis.memory import ALLOCATORS, END_OF_THE_ROAD, FREES, REMAPS, TRANSLATIONS, VMA
from patchkit.audit.lives import Lives
from patchkit.audit.nodes import Allocation, Edge, Node
from patchkit.audit.program import Program
from patchkit.csource.body import body_facts
from patchkit.csource.expression import Value, values
from patchkit.csource.facts import Body, Call
from patchkit.csource.functions import Function
from patchkit.csource.parameters import parameter_names
from patchkit.csource.unit import Unit

NOWHERE = PurePosixPath()  # the home of names that all files share
MAPS = re.compile(rb"\b(?:" + b"|".join(REMAPS) + rb")\b")
_MACRO_AT_MOST = 1500
_ASSIGNS = re.compile(rb"[^=!<>]=[^=]")


class Seen:
    """What all functions' edges share: the allocations, and the file that first named a place."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.allocations: dict[Node, Allocation] = {}
        self.near: dict[Node, Unit] = {}
        # What user space asked for (vm_pgoff, vm_start) is no address that a driver allocated.
        header = program.unit(PurePosixPath("include/linux/mm.h"))
        self.vma_members = frozenset(header.struct_members(VMA) if header is not None else ())

    def by(self, node: Node, unit: Unit) -> Node:
        self.near.setdefault(node.flat, unit)
        return node


class EdgeReader:
    """One function's edges."""

    def __init__(self, seen: Seen, unit: Unit, function: Function) -> None:
        self._seen = seen
        self._unit = unit
        self._function = function
        body = unit.body(function)
        self._body = body
        self._parameters = parameter_names(function)
        self._locals = {local.name for local in body.locals} | set(self._parameters)
        self._lives = Lives(unit, function, body)

    def edges(self) -> Iterator[Edge]:
        for index, parameter in enumerate(self._parameters):
            given = self._boundary("parameter", self._unit, self._function, index)
            variable = self._variable(parameter, self._function.start)
            yield self._edge((given, False), variable, self._function.start)
        for name, ends, into, at in self._lives.outlived():
            if name in self._locals:
                yield self._edge((self._local(name, ends), False), self._local(name, into), at)
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
                for target, _ in self._of(value, start + 1):
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
        if expanded is None or not (_ASSIGNS.search(expanded) or MAPS.search(expanded)):
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
            home = self._seen.program.home_of_member(self._unit, value.name)
            if value.name not in self._seen.vma_members:
                node = Node("member", home, b"", value.name, value.depth)
                yield self._seen.by(node, self._unit), value.offset
        elif value.kind == "name":
            yield from self._named(value, at, depth)
        elif value.name in ALLOCATORS and not value.root:
            yield _deeper(self._allocation(value.name, value.arguments, at), value), value.offset
        elif value.name in TRANSLATIONS | {b"xchg"} and value.arguments:
            yield from self._inner(value.arguments[0], at, depth)
        elif value.name in self._unit.macros:
            expanded = _expanded(self._unit, value.name, value.arguments)
            if expanded is not None and depth < 4:
                yield from self._inner(expanded, at, depth + 1)
        elif not value.root and value.name not in END_OF_THE_ROAD:
            yield _deeper(self._boundary_by_name("result", value.name), value), value.offset

    def _inner(self, expression: bytes, at: int, depth: int) -> Iterator[tuple[Node, bool]]:
        for value in values(expression):
            yield from self._of(value, at, depth)

    def _named(self, value: Value, at: int, depth: int) -> Iterator[tuple[Node, bool]]:
        macro = self._unit.macros.get(value.name)
        if macro is not None and macro.parameters is None and value.name not in self._locals:
            if depth < 4 and len(macro.body) < 200:
                yield from self._inner(macro.body, at, depth + 1)
            return
        yield _deeper(self._variable(value.name, at), value), value.offset

    def _variable(self, name: bytes, at: int) -> Node:
        if name in self._locals:
            return self._local(name, self._lives.at(name, at))
        home = self._unit.path if _is_static(self._unit, name) else NOWHERE
        return self._seen.by(Node("global", home, b"", name), self._unit)

    def _local(self, name: bytes, life: int) -> Node:
        own = name + b"#%d" % life if life else name
        return Node("local", self._unit.path, self._function.name, own)

    def _allocation(self, name: bytes, arguments: tuple[bytes, ...], at: int) -> Node:
        node = Node("allocation", self._unit.path, self._function.name, b"%d" % at)
        self._seen.allocations[node] = Allocation(
            ALLOCATORS[name], arguments, self._unit.path, self._function.name, at
        )
        return node

    def _boundary(self, kind: str, unit: Unit, function: Function, index: int = 0) -> Node:
        home = unit.path if unit.is_static(function) else NOWHERE
        return self._seen.by(Node(kind, home, function.name, b"%d" % index), unit)

    def _boundary_by_name(self, kind: str, name: bytes, index: int = 0) -> Node:
        function = self._unit.by_name.get(name)
        if function is not None:
            return self._boundary(kind, self._unit, function, index)
        return self._seen.by(Node(kind, NOWHERE, name, b"%d" % index), self._unit)


def mapped_argument(call: Call) -> bytes:
    """What a remap call maps: the second argument, the third where a vma comes first."""
    index = REMAPS[call.name]
    if call.arguments and re.fullmatch(rb"\w*vma\w*|area", call.arguments[0]):
        index += 1
    return call.arguments[index] if index < len(call.arguments) else b""


def _deeper(node: Node, value: Value) -> Node:
    return node._replace(depth=value.depth) if value.depth else node


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
