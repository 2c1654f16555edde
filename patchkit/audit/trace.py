"""One reserve site followed: what is reserved, where it came from, and what is done with it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from patchkit.apis.memory import REMAPS
from patchkit.apis.reserved_page import BIT
from patchkit.audit.flow import Flow
from patchkit.audit.mapping import Nopage, nopage_handlers, slots_of
from patchkit.audit.nodes import Allocation, Node, Reached
from patchkit.audit.program import Program
from patchkit.audit.site import Site
from patchkit.csource.functions import Function
from patchkit.csource.unit import Unit

_FLAGS = re.compile(rb"(->|\.)\s*flags\s*\Z")
_CALLS_AROUND = 30  # how deep calls and assignments are nested in each other


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


def live_mapping_calls(unit: Unit) -> Iterator[tuple[Function, int, bytes]]:
    """The calls of *unit* that map memory to user space, also through its macros."""
    names = [name for name in REMAPS if name in unit.source]
    names += [m.name for m in unit.macros.values() if any(name in m.body for name in names)]
    for name in names:
        for function in unit.functions_with(name):
            for call in unit.body(function).calls:
                if call.name == name:
                    yield function, call.start, name
