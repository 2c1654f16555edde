"""Where an address goes: from the allocator through variables, members and calls.

Members are one place for all objects, told apart by the file whose struct has them: ``raw_buf`` of
sound's dev_table.h and ``raw_buf`` of sscape.c are two. Order within a function is not looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from patchkit.apis.memory import REMAPS
from patchkit.audit.edges import MAPS, NOWHERE, EdgeReader, Seen
from patchkit.audit.nodes import Edge, Node, Reached
from patchkit.audit.program import UNSEEN, Program
from patchkit.csource.functions import Function
from patchkit.csource.unit import Unit

_NODES_AT_MOST = 600
_ELEMENTS_DEEP = 2


class Flow:
    """The edges of a program, made function by function as a search comes by."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.seen = Seen(program)
        self._mapping_units: dict[str, tuple[Unit, ...]] = {}
        self._into: dict[Node, list[Edge]] = {}
        self._out: dict[Node, list[Edge]] = {}
        self._done: set[tuple[PurePosixPath, int]] = set()
        self._readers: dict[tuple[PurePosixPath, int], EdgeReader] = {}

    def sources(self, starts: Iterable[Node]) -> Reached:
        """Everything from which an address gets to one of *starts*."""
        return self._search(starts, back=True)

    def targets(self, starts: Iterable[Node]) -> Reached:
        """Everything to which an address of one of *starts* gets."""
        return self._search(starts, back=False)

    def _search(self, starts: Iterable[Node], *, back: bool) -> Reached:
        found: dict[Node, tuple[Edge, Node] | None] = dict.fromkeys(starts)
        waiting = list(found)
        edges = self._into if back else self._out
        for node in waiting:  # grows while it is walked: breadth first
            if len(found) > _NODES_AT_MOST:
                break
            for unit, function in self._touching(node, back=back):
                self.expand(unit, function)
            for edge in edges.get(node.flat, ()):
                near, far = (edge.target, edge.source) if back else (edge.source, edge.target)
                depth = node.depth - near.depth + far.depth
                # What an edge says of pg_vec holds for pg_vec[i], but not the other way round.
                if node.depth < near.depth or depth > _ELEMENTS_DEEP or (back and edge.added):
                    continue
                reached = far if depth == far.depth else far._replace(depth=depth)
                if reached not in found:
                    found[reached] = (edge, node)
                    waiting.append(reached)
        return Reached(found)

    def nodes(self, unit: Unit, function: Function, expression: bytes, at: int) -> list[Node]:
        """The places from which *expression*, at offset *at* of *function*, takes its value."""
        reader = self._reader(unit, function)
        return [node for node, added in reader.nodes(expression, at) if not added]

    def _reader(self, unit: Unit, function: Function) -> EdgeReader:
        key = (unit.path, function.start)
        if key not in self._readers:
            self._readers[key] = EdgeReader(self.seen, unit, function)
        return self._readers[key]

    def expand(self, unit: Unit, function: Function) -> None:
        """Make the edges of *function*, once."""
        key = (unit.path, function.start)
        if key in self._done:
            return
        self._done.add(key)
        for edge in self._reader(unit, function).edges():
            if edge.source != edge.target:
                self._into.setdefault(edge.target.flat, []).append(edge)
                self._out.setdefault(edge.source.flat, []).append(edge)

    # Which functions may have an edge at a node.

    def _touching(self, node: Node, *, back: bool) -> Iterator[tuple[Unit, Function]]:
        if node.kind == "local":
            unit = self.program.unit(node.home)
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
        if node.home != NOWHERE:
            unit = self.program.unit(node.home)
            units: Iterable[Unit] = (unit,) if unit else ()
        else:
            units = self.program.mentioning(node.name, self.seen.near[node.flat].path.parent)
        for unit in units:
            for function in unit.functions_with(node.name):
                yield unit, function

    def _touching_member(self, node: Node, *, back: bool) -> Iterator[tuple[Unit, Function]]:
        if node.home == UNSEEN:
            near = self.seen.near[node.flat]
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
        for unit in self._mapping(self.seen.near[node.flat].path.parts[0]):
            if node.name not in unit.source:
                continue
            if self.program.home_of_member(unit, node.name) == node.home:
                for function in unit.functions_with(node.name):
                    if MAPS.search(unit.code, function.body, function.end):
                        yield unit, function

    def _mapping(self, top: str) -> tuple[Unit, ...]:
        """The files below the folder *top* that map memory."""
        if top not in self._mapping_units:
            found = {
                u.path: u
                for name in REMAPS
                for u in self.program.mentioning(name, PurePosixPath(top))
            }
            self._mapping_units[top] = tuple(found.values())
        return self._mapping_units[top]

    def _units_with_member(self, node: Node) -> Iterator[Unit]:
        if node.home.suffix == ".c":
            unit = self.program.unit(node.home)
            if unit is not None:
                yield unit
            return
        for unit in self.program.mentioning(node.name, node.home.parent):
            if self.program.home_of_member(unit, node.name) == node.home:
                yield unit

    def _callees(self, node: Node) -> Iterator[tuple[Unit, Function]]:
        yield from self.program.definitions(node.owner, self.seen.near[node.flat])

    def _callers(self, node: Node) -> Iterator[tuple[Unit, Function]]:
        for unit, function in self.program.definitions(node.owner, self.seen.near[node.flat]):
            for place, caller, _ in self.program.callers(unit, function):
                yield place, caller
