"""Files without reservations that map their memory by nopage(): they only lack the mark."""

from __future__ import annotations

from pathlib import PurePosixPath

from patchkit.apis.reserved_page import RESERVE
from patchkit.audit.allocated import memory_of
from patchkit.audit.checks.table import mapping_findings
from patchkit.audit.driver import Confidence, Driver, Verdict
from patchkit.audit.flow import Flow
from patchkit.audit.mapping import Nopage, nopage_handlers, operations_places
from patchkit.audit.program import Program
from patchkit.audit.steps import by_function, handed_out, hooks, origin_steps
from patchkit.audit.trace import Trace, followed
from patchkit.csource.unit import Unit


def nopage_driver(program: Program, flow: Flow, path: PurePosixPath) -> Driver | None:
    """The verdict on a file without reservations that maps its memory by nopage()."""
    unit = program.unit(path)
    handlers = [n for n in nopage_handlers(program, path) if n.unit.path == path]
    if unit is None:
        return None
    for nopage in handlers:
        trace = _returned_by(program, flow, unit, nopage)
        pages = any(made.allocator.name != b"kmalloc" for made in trace.origins)
        if pages and not _made_at_the_fault(trace) and not _reserved_at_birth(program, trace):
            return _unreserved(program, path, nopage, trace)
    return None


def _returned_by(program: Program, flow: Flow, unit: Unit, nopage: Nopage) -> Trace:
    starts = [
        node
        for returned in unit.body(nopage.handler).returns
        for node in flow.nodes(unit, nopage.handler, returned.value, returned.start)
    ]
    return followed(program, flow, unit, nopage.handler, nopage.handler.start, starts)


def _made_at_the_fault(trace: Trace) -> bool:
    """Does the handler make each page anew and keep none? ncpfs reads a file so: what is in such a
    mapping is nobody's but the mapping's, and a marked vma would keep it from being swapped."""
    name = trace.function.name
    kept = any(node.kind in ("member", "global") for node in trace.reached.steps)
    return not kept and all(made.function == name for made in trace.origins)


def _reserved_at_birth(program: Program, trace: Trace) -> bool:
    """Is the memory reserved where it is allocated? Then that file is the driver to judge."""
    for made in trace.origins:
        unit = program.unit(made.file)
        function = unit.by_name.get(made.function) if unit is not None else None
        if unit is not None and function is not None:
            names = {call.name for call in unit.body(function).calls}
            if names & RESERVE:
                return True
    return False


def _unreserved(program: Program, path: PurePosixPath, nopage: Nopage, trace: Trace) -> Driver:
    memory = memory_of(program, trace.origins)
    found = operations_places(program, nopage)
    places = by_function(found.places)
    name = nopage.handler.name.decode("latin-1")
    kind, then = "single pages", ""
    if not memory.single_pages:
        kind = "blocks of order > 0"
        then = "; only the head page is born with a count, and every other needs its own"
    return Driver(
        path,
        Verdict.CONVERT,
        f"{name}() hands out {kind} without any reservation; marking the vma is all there is "
        f"to do{then}.",
        memory,
        places,
        tuple(
            dict.fromkeys(
                [
                    *origin_steps(program, trace),
                    *handed_out(trace),
                    *found.steps,
                    *hooks(program, places),
                ]
            )
        ),
        mapping_findings(program, trace.unit, reserves=True),
        Confidence.HIGH if memory.single_pages else Confidence.LOW,
    )
