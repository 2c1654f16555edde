"""What the tree's own rules make of reserved pages that remap_page_range() shows to user space."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from patchkit.audit.chain import Place, Step
from patchkit.audit.driver import Memory, Verdict
from patchkit.audit.site import Role, Site
from patchkit.audit.trace import Trace
from patchkit.audit.tree_rules import TreeRules


def remap_verdict(
    rules: TreeRules,
    uses: list[Site],
    mapped: list[Trace],
    places: tuple[Place, ...],
    memory: Memory,
) -> tuple[Verdict, str]:
    rule = rules["remap-requires-PageReserved"]
    where = ", ".join(dict.fromkeys(f"{p.function}() in {p.file}" for p in places))
    marked = f"vma_reserve() belongs into {where}" if where else "the vma is not in sight"
    if not rule.holds:
        return _any_page(rules, memory, marked)
    maps_only = f"remap_page_range maps only reserved pages in this tree ({rule.where})"
    if not any(site.role is Role.UNRESERVE for site in uses) and _freed(mapped):
        return (
            Verdict.NOPAGE,
            f"{maps_only}, and this driver frees its pages without ending their reservation: "
            "only a nopage() handler gets rid of it.",
        )
    if rules.holds("remap-sets-VM_RESERVED"):
        return (
            Verdict.NOPAGE,
            f"{maps_only} and marks the vma itself: there is nothing to add, and the pages "
            "stay reserved as long as they are mapped so.",
        )
    return Verdict.KEEP, f"{maps_only}: the pages stay reserved, and {marked}."


def rule_steps(rules: TreeRules) -> Iterator[Step]:
    """The lines of mm/ on which the verdict on a remapped page rests."""
    names = ["remap-requires-PageReserved"]
    if not rules.holds(names[0]):
        names = [
            "remap-counts-pages",
            "munmap-skips-marked-vmas",
            "munmap-skips-reserved-pages",
        ]
    for rule in map(rules.__getitem__, names):
        if rule.file is not None and rule.line is not None:
            yield Step(rule.file, rule.line, rule.means)


def _any_page(rules: TreeRules, memory: Memory, marked: str) -> tuple[Verdict, str]:
    """The verdict where remap_page_range does not ask for reserved pages: it is munmap that
    decides, which must not give away what the mapping never took."""
    skips = rules["munmap-skips-marked-vmas"]
    counts = rules["remap-counts-pages"]
    if not rules.holds("remap-in-sight"):
        return Verdict.KEEP, (
            "This tree has no remap_page_range() in mm/memory.c to read what it does with "
            f"unreserved pages: the pages stay reserved, and {marked}."
        )
    if skips.holds:
        return Verdict.CONVERT, (
            "remap_page_range maps any page in this tree, and munmap drops no reference in a "
            f"marked vma ({skips.where}): the reservation can go and the vma be marked instead."
        )
    if counts.holds and memory.single_pages:
        return Verdict.CONVERT, (
            "remap_page_range maps any page in this tree and takes a reference of it "
            f"({counts.where}): the reservation can go and the vma be marked instead."
        )
    rule = rules["munmap-skips-reserved-pages"]
    drops = f" ({rule.where})" if rule.holds else ""
    if counts.holds:
        return Verdict.KEEP, (
            "remap_page_range takes a reference of every page, but of a block of order > 0 "
            f"only the head page has one of its own: munmap would free the others{drops}. The "
            f"pages stay reserved, and {marked}."
        )
    return Verdict.KEEP, (
        "remap_page_range maps any page in this tree and takes no reference of it, and munmap "
        f"drops one of every page that is not reserved{drops}: pages would be freed while in "
        f"use. They stay reserved, and {marked}."
    )


def _freed(traces: Iterable[Trace]) -> bool:
    """Freed elsewhere than where it is reserved; there, only what is left over is given back."""
    return any(
        (node.home, node.owner) != (trace.unit.path, trace.function.name)
        for trace in traces
        for node in trace.freeings
    )
