"""Traces → the steps of a chain, and the places that they lead to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from patchkit.audit.chain import Place, Step
from patchkit.audit.mapping import Places, operations_places, slots_of, vma_places
from patchkit.audit.nodes import Edge
from patchkit.audit.program import Program
from patchkit.audit.site import Role, Site
from patchkit.audit.trace import Trace


def mapping_places(program: Program, mapped: Iterable[Trace]) -> Iterator[Places]:
    seen = set()
    for trace in mapped:
        for node in trace.mappings:
            unit = program.unit(node.home)
            if unit is not None and node not in seen:
                seen.add(node)
                function = unit.by_name[node.owner]
                yield vma_places(program, unit, function, int(node.name))
        for nopage in trace.nopages:
            yield operations_places(program, nopage)


def mapped_steps(program: Program, mapped: Iterable[Trace]) -> Iterator[Step]:
    for trace in mapped:
        ends = [*trace.mappings]
        for nopage in trace.nopages:
            results = trace.reached.of_kind("result")
            ends += [node for node in results if node.owner == nopage.handler.name]
        for node in ends:
            yield from steps_of(program, trace.reached.path(node))


def hooks(program: Program, places: tuple[Place, ...]) -> Iterator[Step]:
    for place in places:
        name = place.function.encode()
        for unit in program.mentioning(name, place.file.parent):
            own = unit.by_name.get(name)
            if (own is None and unit.path != place.file) or unit.path == place.file:
                for kind, member, start in slots_of(program, unit, name):
                    what = f"struct {kind.decode()} has {place.function} in {member.decode()}"
                    yield Step(unit.path, unit.line(start), what)


def by_function(places: Iterable[Place]) -> tuple[Place, ...]:
    """One place for each function: after its last mapping."""
    last: dict[tuple[PurePosixPath, str], Place] = {}
    for place in places:
        key = (place.file, place.function)
        if key not in last or place.line > last[key].line:
            last[key] = place
    return tuple(last.values())


def site_step(site: Site) -> Step:
    verb = "reserves it" if site.role is Role.RESERVE else "ends its reservation"
    return Step(site.file, site.line, f"{site.function}() {verb}")


def origin_steps(program: Program, trace: Trace) -> Iterator[Step]:
    for made in trace.origins:
        unit = program.unit(made.file)
        if unit is not None:
            where = made.function.decode("latin-1")
            what = f"{where}() allocates it with {made.allocator.name.decode()}"
            yield Step(made.file, unit.line(made.offset), what)


def handed_out(trace: Trace) -> Iterator[Step]:
    """Where a nopage() handler, the function of *trace*, hands out a page."""
    for returned in trace.unit.body(trace.function).returns:
        if re.fullmatch(rb"\(?\w+\)?|.*\(.*\)", returned.value) and not returned.value.isupper():
            name = trace.function.name.decode("latin-1")
            what = f"{name}() hands out a page"
            yield Step(trace.unit.path, trace.unit.line(returned.start), what)


def steps_of(program: Program, path: tuple[Edge, ...]) -> Iterator[Step]:
    """*path* in words, the steps that only copy between locals left out."""
    for edge in path:
        what = _in_words(edge)
        unit = program.unit(edge.file)
        if what and unit is not None:
            yield Step(edge.file, unit.line(edge.offset), what)


def _in_words(edge: Edge) -> str:
    here = edge.function.decode("latin-1")
    source, target = edge.source, edge.target
    ends = {
        "mapping": f"{here}() maps it to user space",
        "freeing": f"{here}() frees it",
        "result": f"{here}() returns it",
        "parameter": f"{here}() passes it to {target.owner.decode('latin-1')}()",
        "member": f"{here}() keeps it in {target.name.decode('latin-1')}",
        "global": f"{here}() keeps it in {target.name.decode('latin-1')}",
    }
    starts = {
        "allocation": f"{here}() allocates it",
        "result": f"{here}() gets it from {source.owner.decode('latin-1')}()",
        "member": f"{here}() takes it from {source.name.decode('latin-1')}",
        "global": f"{here}() takes it from {source.name.decode('latin-1')}",
    }
    return ends.get(target.kind) or starts.get(source.kind, "")
