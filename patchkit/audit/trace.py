"""One reserve site followed: what is reserved, where it came from, and what is done with it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from patchkit.apis.memory import REMAPS
from patchkit.apis.reserved_page import BIT
from patchkit.audit.chain import Step
from patchkit.audit.driver import Memory
from patchkit.audit.flow import Flow
from patchkit.audit.mapping import Nopage, nopage_handlers, slots_of
from patchkit.audit.nodes import Allocation, Edge, Node, Reached
from patchkit.audit.program import Program
from patchkit.audit.site import Site
from patchkit.csource.functions import Function
from patchkit.csource.unit import Unit

_FLAGS = re.compile(rb"(->|\.)\s*flags\s*\Z")
_CALLS_AROUND = 30  # how deep calls and assignments are nested in each other
_PAGE_SIZE = re.compile(rb"\(?\s*(?:PAGE_SIZE|\(?\s*1\s*(?:UL)?\s*<<\s*PAGE_SHIFT\s*\)?)\s*\)?")


@dataclass(frozen=True, slots=True)
class Trace:
    """What is known of the memory at one site.

    ``origins`` are its allocations; ``mappings`` and ``freeings`` are the calls that it reaches,
    ``nopages`` the handlers that return it; ``reached`` has the way to each.
    """

    unit: Unit
    function: Function
    at: int
    origins: tuple[Allocation, ...]
    mappings: tuple[Node, ...]
    freeings: tuple[Node, ...]
    nopages: tuple[Nopage, ...]
    reached: Reached
    behind: Reached

    @property
    def mapped(self) -> bool:
        return bool(self.mappings or self.nopages)


def traced(program: Program, flow: Flow, site: Site) -> Trace | None:
    """Follow the page that *site* names; None where the code there says no page."""
    unit = program.unit(site.file)
    function = unit.functions.at(unit.text.offset(site.line)) if unit is not None else None
    if unit is None or function is None:
        return None
    at = unit.text.offset(site.line, site.column)
    page = page_expression(unit, function, at)
    if page is None:
        return None
    return followed(program, flow, unit, function, at, flow.nodes(unit, function, page, at))


def followed(
    program: Program, flow: Flow, unit: Unit, function: Function, at: int, starts: list[Node]
) -> Trace:
    """Follow the memory at the *starts* back to its allocation and on to all its uses."""
    behind = flow.sources(starts)
    born = behind.of_kind("allocation")
    reached = flow.targets(born or behind.steps)
    mappings = reached.of_kind("mapping")
    own = tuple(n for n in mappings if not _is_of_a_peer(program, unit, n, reached))
    return Trace(
        unit,
        function,
        at,
        tuple(flow.seen.allocations[node] for node in born),
        own,
        tuple(reached.of_kind("freeing")),
        tuple(_nopages(program, unit, reached)),
        reached,
        behind,
    )


def page_expression(unit: Unit, function: Function, at: int) -> bytes | None:
    """The page whose bit the code at offset *at* sets or clears."""
    body = unit.body(function)
    upto = bisect_right(body.calls, at, key=lambda call: call.start)
    near = body.calls[max(0, upto - _CALLS_AROUND) : upto]
    around = [call for call in near if at < call.end and call.arguments]
    for call in around:
        if call.start == at:
            return call.arguments[0]
    for call in around:
        if BIT in call.arguments[0] and len(call.arguments) > 1:
            return _whose_flags(call.arguments[1].lstrip(b"& "))
    upto = bisect_right(body.assignments, at, key=lambda made: made.start)
    for made in body.assignments[max(0, upto - _CALLS_AROUND) : upto]:
        if at < made.end and _FLAGS.search(made.target):
            return _whose_flags(made.target)
    return None


def _whose_flags(flags: bytes) -> bytes:
    """The page's address: ``map`` of ``map->flags``, ``&map[i]`` of ``map[i].flags``."""
    found = _FLAGS.search(flags)
    if found is None:
        return flags
    page = flags[: found.start()]
    return page if found[1] == b"->" else b"&" + page


def _is_of_a_peer(program: Program, unit: Unit, mapping: Node, reached: Reached) -> bool:
    """Does *mapping* belong to another driver of the same kind?

    Framebuffers all fill in fb_fix_screeninfo of linux/fb.h; fbmem.c maps what they say there, and
    so does a driver with an fb_mmap of its own, but only for itself.
    """
    other = program.unit(mapping.home)
    if other is None or mapping.home == unit.path:
        return False
    homes = {edge.source.home for edge in reached.path(mapping) if edge.source.kind == "member"}
    for kind, _, _ in slots_of(program, other, mapping.owner):
        for home in homes:
            header = program.unit(home) if home.parts[0] == "include" else None
            if header is not None and header.struct_members(kind):
                return True
    return False


def _nopages(program: Program, unit: Unit, reached: Reached) -> Iterator[Nopage]:
    results = {node.owner for node in reached.of_kind("result")}
    if results:
        for nopage in nopage_handlers(program, unit.path.parent):
            if nopage.handler.name in results:
                yield nopage


def memory_of(program: Program, origins: tuple[Allocation, ...]) -> Memory:
    """The allocations in words."""
    if not origins:
        return Memory((), None)
    names = tuple(dict.fromkeys(made.allocator.name.decode() for made in origins))
    return Memory(names, all(_is_single(program, made) for made in origins))


def _is_single(program: Program, made: Allocation) -> bool:
    allocator = made.allocator
    if allocator.scattered:
        return True
    index = allocator.order if allocator.order is not None else allocator.size
    if index is None:
        return True
    text = made.arguments[index].strip() if index < len(made.arguments) else b""
    unit = program.unit(made.file)
    if unit is not None and text in unit.macros:
        text = unit.macros[text].body.strip()
    if allocator.order is not None:
        return text == b"0"
    return _PAGE_SIZE.fullmatch(text) is not None


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


def live_mapping_calls(unit: Unit) -> Iterator[tuple[Function, int, bytes]]:
    """The calls of *unit* that map memory to user space, also through its macros."""
    names = [name for name in REMAPS if name in unit.source]
    names += [m.name for m in unit.macros.values() if any(name in m.body for name in names)]
    for name in names:
        for function in unit.functions_with(name):
            for call in unit.body(function).calls:
                if call.name == name:
                    yield function, call.start, name
