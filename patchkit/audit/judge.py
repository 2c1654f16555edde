"""Traces and the tree's rules → the verdict on each driver."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from patchkit.apis.reserved_page import RESERVE
from patchkit.audit.chain import Place, Step
from patchkit.audit.checks.evidence import Evidence
from patchkit.audit.checks.table import findings, mapping_findings
from patchkit.audit.driver import Confidence, Driver, Memory, Verdict
from patchkit.audit.flow import Flow
from patchkit.audit.mapping import (
    Nopage,
    Places,
    nopage_handlers,
    operations_places,
    slots_of,
    vma_places,
)
from patchkit.audit.nodes import Allocation
from patchkit.audit.program import Program
from patchkit.audit.site import FileSites, Role, Site
from patchkit.audit.trace import (
    Trace,
    followed,
    live_mapping_calls,
    memory_of,
    steps_of,
    traced,
)
from patchkit.audit.tree_rules import TreeRules
from patchkit.csource.unit import Unit

# A driver has a dozen; a generated file with thousands is judged by the first of them.
_SITES_AT_MOST = 300


@dataclass(frozen=True, slots=True)
class Judge:
    """All that a verdict rests on."""

    program: Program
    flow: Flow
    rules: TreeRules

    def driver(self, file: FileSites) -> Driver:
        """The verdict on the file with these sites, and what else is to be said of it."""
        uses = [site for site in file.sites if site.live and _is_use(site)]
        unit = self.program.unit(file.file)
        if not uses or unit is None:
            return _without_uses(file)
        uses = uses[:_SITES_AT_MOST]
        traces = {site: traced(self.program, self.flow, site) for site in uses}
        seen = tuple((site, trace) for site, trace in traces.items() if trace is not None)
        wrong = findings(Evidence(self.program, self.flow, self.rules, unit, seen))
        better = mapping_findings(self.program, unit, reserves=True)
        return replace(self._verdict(file, uses, traces), findings=(*wrong, *better))

    def _verdict(
        self, file: FileSites, uses: list[Site], traces: dict[Site, Trace | None]
    ) -> Driver:
        reserving = [t for s, t in traces.items() if t is not None and s.role is Role.RESERVE]
        followed_ones = reserving or [trace for trace in traces.values() if trace is not None]
        # Without an allocation, what only ends reservations is boot memory on its way out.
        mapped = [t for t in followed_ones if t.mapped and (t in reserving or t.origins)]
        memory = memory_of(self.program, _origins(mapped or followed_ones))
        if not mapped:
            return self._not_mapped(file, uses, followed_ones, memory)
        if any(trace.mappings for trace in mapped):
            return self._remapped(file, traces, mapped, memory)
        return self._by_nopage(file, uses, mapped, memory)

    def _not_mapped(
        self, file: FileSites, uses: list[Site], traces: list[Trace], memory: Memory
    ) -> Driver:
        unit = self.program.unit(file.file)
        chain = [_site_step(site) for site in uses]
        chain += [s for t in traces[:1] for s in _origin_steps(self.program, t)]
        maps = next(live_mapping_calls(unit), None) if unit is not None else None
        if unit is not None and maps is not None:
            function, at, name = maps
            broken = Step(
                file.file,
                unit.line(at),
                f"{function.name.decode('latin-1')}() maps memory with {name.decode()}, and the "
                "chain from the reserved pages does not lead there",
            )
            reason = f"The chain breaks: {broken.what} ({broken.file}:{broken.line})."
            return Driver(
                file.file, Verdict.UNRESOLVED, reason, memory,
                chain=(*chain, broken), confidence=Confidence.LOW,
            )  # fmt: skip
        if any(site.role is Role.RESERVE for site in uses):
            why = "no remap call and no nopage handler is reached from them"
            reason = f"The reserved pages are never mapped to user space: {why}."
        else:
            reason = "Pages reserved at boot are handed to the allocator; no vma is involved."
        confidence = Confidence.HIGH if memory.allocators else Confidence.MEDIUM
        return Driver(
            file.file, Verdict.NOT_MAPPED, reason, memory,
            chain=tuple(dict.fromkeys(chain)), confidence=confidence,
        )  # fmt: skip

    def _remapped(
        self,
        file: FileSites,
        traces: dict[Site, Trace | None],
        mapped: list[Trace],
        memory: Memory,
    ) -> Driver:
        found = list(self._mapping_places(mapped))
        places = _by_function(place for each in found for place in each.places)
        chain = [_site_step(site) for site in traces]
        chain += self._mapped_steps(mapped)
        chain += [step for each in found for step in each.steps]
        chain += self._hooks(places)
        verdict, reason = self._remap_verdict(list(traces), mapped, places)
        rule = self.rules["remap-requires-PageReserved"]
        if rule.file is not None and rule.line is not None:
            chain.append(Step(rule.file, rule.line, rule.means))
        broken = [each.broken for each in found if each.broken]
        sure = memory.allocators and places and not broken
        return Driver(
            file.file,
            verdict,
            reason,
            memory,
            places,
            tuple(dict.fromkeys([*chain, *broken])),
            confidence=Confidence.HIGH if sure else Confidence.MEDIUM,
            site_verdicts=tuple(self._odd_sites(traces, mapped)),
        )

    def _remap_verdict(
        self, uses: list[Site], mapped: list[Trace], places: tuple[Place, ...]
    ) -> tuple[Verdict, str]:
        rule = self.rules["remap-requires-PageReserved"]
        if not rule.holds:
            return (
                Verdict.CONVERT,
                "remap_page_range maps any page in this tree, so the reservation can go and the "
                "vma be marked instead.",
            )
        maps_only = f"remap_page_range maps only reserved pages in this tree ({rule.where})"
        if not any(site.role is Role.UNRESERVE for site in uses) and _freed(mapped):
            return (
                Verdict.NOPAGE,
                f"{maps_only}, and this driver frees its pages without ending their reservation: "
                "only a nopage() handler gets rid of it.",
            )
        if self.rules.holds("remap-sets-VM_RESERVED"):
            return (
                Verdict.NOPAGE,
                f"{maps_only} and marks the vma itself: there is nothing to add, and the pages "
                "stay reserved as long as they are mapped so.",
            )
        where = ", ".join(dict.fromkeys(f"{p.function}() in {p.file}" for p in places))
        marked = f"vma_reserve() belongs into {where}" if where else "the vma is not in sight"
        return Verdict.KEEP, f"{maps_only}: the pages stay reserved, and {marked}."

    def _by_nopage(
        self, file: FileSites, uses: list[Site], mapped: list[Trace], memory: Memory
    ) -> Driver:
        handlers = _handlers(mapped)
        found = [operations_places(self.program, nopage) for nopage in handlers]
        places = _by_function(place for each in found for place in each.places)
        chain = [_site_step(site) for site in uses]
        chain += self._mapped_steps(mapped)
        chain += [step for each in found for step in each.steps]
        chain += self._hooks(places)
        names = ", ".join(f"{n.handler.name.decode('latin-1')}()" for n in handlers)
        if memory.single_pages:
            verdict = Verdict.CONVERT
            reason = f"User pages come from {names}, over single pages with a count of their own."
        else:
            verdict = Verdict.KEEP
            rule = self.rules["munmap-skips-reserved-pages"]
            reason = (
                f"User pages come from {names}, but only the head page of a block of order > 0 "
                f"has a count: without the reservation munmap would free the others "
                f"({rule.where}). Every page needs a reference of its own first."
            )
            if rule.file is not None and rule.line is not None:
                chain.append(Step(rule.file, rule.line, rule.means))
        broken = [each.broken for each in found if each.broken]
        return Driver(
            file.file, verdict, reason, memory, places,
            tuple(dict.fromkeys([*chain, *broken])),
            confidence=Confidence.MEDIUM if broken else Confidence.HIGH,
        )  # fmt: skip

    def nopage_driver(self, path: PurePosixPath) -> Driver | None:
        """The verdict on a file without reservations that maps its memory by nopage()."""
        unit = self.program.unit(path)
        handlers = [n for n in nopage_handlers(self.program, path) if n.unit.path == path]
        if unit is None:
            return None
        for nopage in handlers:
            trace = self._returned_by(unit, nopage)
            pages = any(made.allocator.name != b"kmalloc" for made in trace.origins)
            if pages and not self._reserved_at_birth(trace):
                return self._unreserved(path, nopage, trace)
        return None

    def _returned_by(self, unit: Unit, nopage: Nopage) -> Trace:
        starts = [
            node
            for returned in unit.body(nopage.handler).returns
            for node in self.flow.nodes(unit, nopage.handler, returned.value, returned.start)
        ]
        return followed(self.program, self.flow, unit, nopage.handler, nopage.handler.start, starts)

    def _reserved_at_birth(self, trace: Trace) -> bool:
        """Is the memory reserved where it is allocated? Then that file is the driver to judge."""
        for made in trace.origins:
            unit = self.program.unit(made.file)
            function = unit.by_name.get(made.function) if unit is not None else None
            if unit is not None and function is not None:
                names = {call.name for call in unit.body(function).calls}
                if names & RESERVE:
                    return True
        return False

    def _unreserved(self, path: PurePosixPath, nopage: Nopage, trace: Trace) -> Driver:
        memory = memory_of(self.program, trace.origins)
        found = operations_places(self.program, nopage)
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
            _by_function(found.places),
            tuple(
                dict.fromkeys(
                    [
                        *_origin_steps(self.program, trace),
                        *_returns(trace),
                        *found.steps,
                        *self._hooks(_by_function(found.places)),
                    ]
                )
            ),
            mapping_findings(self.program, trace.unit, reserves=True),
            Confidence.HIGH if memory.single_pages else Confidence.LOW,
        )

    # Chains.

    def _mapping_places(self, mapped: Iterable[Trace]) -> Iterator[Places]:
        seen = set()
        for trace in mapped:
            for node in trace.mappings:
                unit = self.program.unit(node.home)
                if unit is not None and node not in seen:
                    seen.add(node)
                    function = unit.by_name[node.owner]
                    yield vma_places(self.program, unit, function, int(node.name))
            for nopage in trace.nopages:
                yield operations_places(self.program, nopage)

    def _mapped_steps(self, mapped: Iterable[Trace]) -> Iterator[Step]:
        for trace in mapped:
            ends = [*trace.mappings]
            for nopage in trace.nopages:
                results = trace.reached.of_kind("result")
                ends += [node for node in results if node.owner == nopage.handler.name]
            for node in ends:
                yield from steps_of(self.program, trace.reached.path(node))

    def _hooks(self, places: tuple[Place, ...]) -> Iterator[Step]:
        for place in places:
            name = place.function.encode()
            for unit in self.program.mentioning(name, place.file.parent):
                own = unit.by_name.get(name)
                if (own is None and unit.path != place.file) or unit.path == place.file:
                    for kind, member, start in slots_of(self.program, unit, name):
                        what = f"struct {kind.decode()} has {place.function} in {member.decode()}"
                        yield Step(unit.path, unit.line(start), what)

    def _odd_sites(
        self, traces: dict[Site, Trace | None], mapped: list[Trace]
    ) -> Iterator[tuple[int, Verdict]]:
        """Sites whose pages are not those that are mapped."""
        ours = {origin for trace in mapped for origin in trace.origins}
        for site, trace in traces.items():
            if trace is None or trace.mapped or ours.intersection(trace.origins):
                continue
            boot = site.role is Role.UNRESERVE and not trace.origins
            yield site.line, Verdict.FALSE_FRIEND if boot else Verdict.NOT_MAPPED


def _is_use(site: Site) -> bool:
    return site.role in (Role.RESERVE, Role.UNRESERVE) and site.function is not None


def _without_uses(file: FileSites) -> Driver:
    nothing = Memory((), None)
    if any(site.role is Role.DEFINE for site in file.sites):
        reason = "The primitives are defined here; nothing is reserved."
        return Driver(file.file, Verdict.DEFINITION, reason, nothing)
    if any(site.live and site.role is Role.MENTION for site in file.sites):
        reason = "The bit is only read here."
        return Driver(file.file, Verdict.FALSE_FRIEND, reason, nothing)
    if any(site.live and site.function is None for site in file.sites):
        reason = "Macros here are other names for the primitives; their users are judged."
        return Driver(file.file, Verdict.DEFINITION, reason, nothing)
    reason = "What stands here is never compiled: comments, or branches for other kernels."
    return Driver(file.file, Verdict.COMMENT, reason, nothing)


def _origins(traces: Iterable[Trace]) -> tuple[Allocation, ...]:
    return tuple(dict.fromkeys(origin for trace in traces for origin in trace.origins))


def _freed(traces: Iterable[Trace]) -> bool:
    """Freed elsewhere than where it is reserved; there, only what is left over is given back."""
    return any(
        (node.home, node.owner) != (trace.unit.path, trace.function.name)
        for trace in traces
        for node in trace.freeings
    )


def _handlers(traces: Iterable[Trace]) -> tuple[Nopage, ...]:
    found = {(n.unit.path, n.handler.start): n for trace in traces for n in trace.nopages}
    return tuple(found.values())


def _by_function(places: Iterable[Place]) -> tuple[Place, ...]:
    """One place for each function: after its last mapping."""
    last: dict[tuple[PurePosixPath, str], Place] = {}
    for place in places:
        key = (place.file, place.function)
        if key not in last or place.line > last[key].line:
            last[key] = place
    return tuple(last.values())


def _site_step(site: Site) -> Step:
    verb = "reserves it" if site.role is Role.RESERVE else "ends its reservation"
    return Step(site.file, site.line, f"{site.function}() {verb}")


def _origin_steps(program: Program, trace: Trace) -> Iterator[Step]:
    for made in trace.origins:
        unit = program.unit(made.file)
        if unit is not None:
            where = made.function.decode("latin-1")
            what = f"{where}() allocates it with {made.allocator.name.decode()}"
            yield Step(made.file, unit.line(made.offset), what)


def _returns(trace: Trace) -> Iterator[Step]:
    """Where a nopage() handler, the function of *trace*, hands out a page."""
    for returned in trace.unit.body(trace.function).returns:
        if re.fullmatch(rb"\(?\w+\)?|.*\(.*\)", returned.value) and not returned.value.isupper():
            name = trace.function.name.decode("latin-1")
            what = f"{name}() hands out a page"
            yield Step(trace.unit.path, trace.unit.line(returned.start), what)
