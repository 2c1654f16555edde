"""Memory that is given back while reserved, or by another family's function, or in part.

__free_pages_ok() refuses a page that is still reserved: it is lost without a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from patchkit.apis.reserved_page import UNRESERVE
from patchkit.audit.checks.evidence import Evidence
from patchkit.audit.driver import Finding
from patchkit.audit.nodes import Allocation, Node
from patchkit.audit.site import Role
from patchkit.audit.trace import Trace
from patchkit.csource.facts import Call
from patchkit.csource.functions import Function
from patchkit.csource.unit import Unit

# What allocates → what may free it; by the beginning of the names.
_FAMILIES = {
    "pages": ("__get", "get_", "alloc_page"),
    "pci": ("pci_alloc", "dma_alloc", "consistent_alloc"),
    "kmalloc": ("kmalloc",),
    "vmalloc": ("vmalloc",),
    "bigphys": ("bigphysarea",),
    "bootmem": ("alloc_bootmem",),
}
_FREERS = {
    "kfree": "kmalloc", "vfree": "vmalloc", "free_page": "pages", "free_pages": "pages",
    "__free_page": "pages", "__free_pages": "pages", "pci_free_consistent": "pci",
    "dma_free_coherent": "pci", "bigphysarea_free_pages": "bigphys",
}  # fmt: skip


def freed_reserved(driver: Evidence) -> Iterator[Finding]:
    """Frees of reserved memory that no end of the reservation comes before."""
    seen: set[Node] = set()
    for _, trace in driver.of_role(Role.RESERVE):
        for node in trace.freeings:
            unit = driver.program.unit(node.home)
            call = _call_at(unit, node) if unit is not None else None
            if unit is None or call is None or node in seen:
                continue
            seen.add(node)
            origins = _origins(driver, node)
            if _is_surely_ours(driver, node, origins):
                yield from _judged(driver, replace(trace, origins=origins), unit, node, call)


def _judged(
    driver: Evidence, trace: Trace, unit: Unit, node: Node, call: Call
) -> Iterator[Finding]:
    where = node.owner.decode("latin-1")
    name = call.name.decode()
    line = unit.line(call.start)
    here = (unit.path, node.owner) == (trace.unit.path, trace.function.name)
    if name in ("free_page", "__free_page") and _is_block(trace):
        yield Finding(
            "page-of-block-freed", unit.path, line,
            f"{where}() gives back single pages of a block of order > 0: only its head page has "
            "a count, the others go below zero and are lost",
        )  # fmt: skip
        return
    other = _other_family(trace, unit, unit.by_name[node.owner], name)
    if other is not None:
        yield Finding(
            "freed-by-other-family", unit.path, line,
            f"{where}() frees with {name}() what {other}() allocated",
        )  # fmt: skip
    if not here and not _unreserves(unit, node) and not _callers_unreserve(driver, unit, node):
        yield Finding(
            "freed-while-reserved", unit.path, line,
            f"{where}() frees the pages and leaves them reserved: they are not given back",
        )  # fmt: skip


def _other_family(trace: Trace, unit: Unit, function: Function, freer: str) -> str | None:
    """An allocator of what *freer* frees that is none of its family's.

    Where several families come together, as in trident.c, whose slave channels have pages and whose
    main one has PCI memory, *function* must be for one of them only: it neither allocates by the
    freer's family nor frees by the others.
    """
    own = _FREERS[freer]
    made = {_family(each.allocator.name.decode()): each for each in trace.origins}
    others = {name: each for name, each in made.items() if name != own}
    if len(made) > 1:
        freed_here = {
            _FREERS.get(call.name.decode("latin-1")) for call in unit.body(function).calls
        }
        made_here = {name for name, each in made.items() if each.function == function.name}
        if own not in made or own in made_here or freed_here.intersection(others):
            return None
    return next((each.allocator.name.decode() for each in others.values()), None)


def _origins(driver: Evidence, node: Node) -> tuple[Allocation, ...]:
    """Everything that *node* may free."""
    behind = driver.flow.sources([node])
    return tuple(driver.flow.seen.allocations[node] for node in behind.of_kind("allocation"))


def _is_surely_ours(driver: Evidence, node: Node, origins: tuple[Allocation, ...]) -> bool:
    """Is the freed memory reserved, and no other? A member's name may stand for several buffers."""
    reserved = {made for _, t in driver.of_role(Role.RESERVE) for made in t.origins}
    if not origins or not reserved.issuperset(origins):
        return False
    if any(b"sizeof" in b"".join(made.arguments) for made in origins):
        return False
    behind = driver.flow.sources([node])
    unit = driver.program.unit(node.home)
    members = [node.name for node in behind.steps if node.kind == "member"]
    return unit is not None and not any(
        driver.program.is_ambiguous(unit, member) for member in members
    )


def _call_at(unit: Unit | None, node: Node) -> Call | None:
    function = unit.by_name.get(node.owner) if unit is not None else None
    if unit is None or function is None:
        return None
    at = int(node.name)
    return next((call for call in unit.body(function).calls if call.start == at), None)


def _is_block(trace: Trace) -> bool:
    names = {made.allocator.name for made in trace.origins}
    return names <= {b"__get_free_pages", b"__get_dma_pages", b"alloc_pages"} and bool(names)


def _family(allocator: str) -> str:
    return next(name for name, starts in _FAMILIES.items() if allocator.startswith(starts))


def _unreserves(unit: Unit, node: Node) -> bool:
    """Does the function of *node*, or one that it calls in its file, clear the bit?"""
    function = unit.by_name[node.owner]
    if _clears(unit, function):
        return True
    return any(
        call.name in unit.by_name and _clears(unit, unit.by_name[call.name])
        for call in unit.body(function).calls
    )


_CLEARS = re.compile(
    rb"\b(?:"
    + b"|".join(sorted(UNRESERVE))
    + rb")\b|clear_bit\s*\(\s*PG_reserved|&=\s*~[^;]*PG_reserved"
)


def _clears(unit: Unit, function: Function) -> bool:
    return _CLEARS.search(unit.code, function.body, function.end) is not None


def _callers_unreserve(driver: Evidence, unit: Unit, node: Node) -> bool:
    function = unit.by_name[node.owner]
    callers = list(driver.program.callers(unit, function))
    return bool(callers) and all(_clears(place, caller) for place, caller, _ in callers)
