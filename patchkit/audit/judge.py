"""Traces and the tree's rules → the verdict on each driver."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from patchkit.audit.allocated import memory_of
from patchkit.audit.chain import Step
from patchkit.audit.checks.evidence import Evidence
from patchkit.audit.checks.table import findings, mapping_findings
from patchkit.audit.driver import Confidence, Driver, Memory, Verdict
from patchkit.audit.flow import Flow
from patchkit.audit.mapping import Nopage, operations_places
from patchkit.audit.nodes import Allocation
from patchkit.audit.program import Program
from patchkit.audit.remap_verdict import remap_verdict, rule_steps
from patchkit.audit.site import FileSites, Role, Site
from patchkit.audit.steps import (
    by_function,
    hooks,
    mapped_steps,
    mapping_places,
    origin_steps,
    site_step,
)
from patchkit.audit.trace import Trace, live_mapping_calls, traced
from patchkit.audit.tree_rules import TreeRules
from patchkit.audit.without_uses import without_uses

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
            return without_uses(file)
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
        chain = [site_step(site) for site in uses]
        chain += [s for t in traces[:1] for s in origin_steps(self.program, t)]
        maps = next(live_mapping_calls(unit), None) if unit is not None else None
        reserves = any(site.role is Role.RESERVE for site in uses)
        if maps is not None and not reserves and not memory.allocators:
            reason = "Boot memory is handed to the allocator here; what is mapped is other memory."
            return Driver(
                file.file, Verdict.FALSE_FRIEND, reason, memory,
                chain=tuple(chain), confidence=Confidence.MEDIUM,
            )  # fmt: skip
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
        if reserves:
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
        found = list(mapping_places(self.program, mapped))
        places = by_function(place for each in found for place in each.places)
        chain = [site_step(site) for site in traces]
        chain += mapped_steps(self.program, mapped)
        chain += [step for each in found for step in each.steps]
        chain += hooks(self.program, places)
        verdict, reason = remap_verdict(self.rules, list(traces), mapped, places, memory)
        chain += rule_steps(self.rules)
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

    def _by_nopage(
        self, file: FileSites, uses: list[Site], mapped: list[Trace], memory: Memory
    ) -> Driver:
        handlers = _handlers(mapped)
        found = [operations_places(self.program, nopage) for nopage in handlers]
        places = by_function(place for each in found for place in each.places)
        chain = [site_step(site) for site in uses]
        chain += mapped_steps(self.program, mapped)
        chain += [step for each in found for step in each.steps]
        chain += hooks(self.program, places)
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


def _origins(traces: Iterable[Trace]) -> tuple[Allocation, ...]:
    return tuple(dict.fromkeys(origin for trace in traces for origin in trace.origins))


def _handlers(traces: Iterable[Trace]) -> tuple[Nopage, ...]:
    found = {(n.unit.path, n.handler.start): n for trace in traces for n in trace.nopages}
    return tuple(found.values())
