"""What a check looks at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from patchkit.audit.driver import Finding
from patchkit.audit.flow import Flow
from patchkit.audit.program import Program
from patchkit.audit.site import Role, Site
from patchkit.audit.trace import Trace
from patchkit.audit.tree_rules import TreeRules
from patchkit.csource.facts import Loop
from patchkit.csource.functions import Function
from patchkit.csource.unit import Unit


@dataclass(frozen=True, slots=True)
class Evidence:
    """One driver: its live sites with what is known of the memory there."""

    program: Program
    flow: Flow
    rules: TreeRules
    unit: Unit
    traces: tuple[tuple[Site, Trace], ...]

    def functions(self) -> tuple[Function, ...]:
        """The functions with a site, in order."""
        found = {trace.function.start: trace.function for _, trace in self.traces}
        return tuple(found.values())

    def of_role(self, role: Role) -> Iterator[tuple[Site, Trace]]:
        return ((site, trace) for site, trace in self.traces if site.role is role)

    def mappings(self) -> Iterator[tuple[Unit, Function, int]]:
        """Every remap call that reserved memory reaches: its file, function and offset."""
        nodes = (node for _, trace in self.of_role(Role.RESERVE) for node in trace.mappings)
        for node in dict.fromkeys(nodes):
            unit = self.program.unit(node.home)
            if unit is not None:
                yield unit, unit.by_name[node.owner], int(node.name)

    def loop_around(self, trace: Trace) -> Loop | None:
        """The innermost loop that repeats the operation of *trace*."""
        loops = [
            loop
            for loop in self.unit.body(trace.function).loops
            if loop.body <= trace.at < loop.end
        ]
        return min(loops, key=lambda loop: loop.end - loop.start, default=None)

    def assigned(self, function: Function, name: bytes, before: int) -> bytes | None:
        """What *function* last assigned to *name* before that offset."""
        found = None
        for made in self.unit.body(function).assignments:
            if made.target == name and made.operator == b"=" and made.start < before:
                found = made.value
        return found


def said_of(kind: str, unit: Unit, function: Function, at: int, what: str) -> Finding:
    """A finding at offset *at* of *function*: its name, and *what* it does."""
    name = function.name.decode("latin-1")
    return Finding(kind, unit.path, unit.line(at), f"{name}() {what}")
