"""Flags of the vma that do nothing, and protections that ignore what user space asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from patchkit.audit.driver import Finding
from patchkit.audit.program import Program
from patchkit.audit.trace import live_mapping_calls
from patchkit.csource.unit import Unit

_FLAG = re.compile(rb"\bVM_[A-Z]{2,}\b")
_SWAPS_ITSELF = re.compile(rb"\b(?:rw_swap_page\w*|get_swap_page|swap_free)\s*\(")
_MM_H = PurePosixPath("include/linux/mm.h")


def undefined_flags(program: Program, unit: Unit) -> Iterator[Finding]:
    """VM_ names that no header defines: via82cxxx_audio of 2.4.0-test10 tests VM_RESERVE."""
    header = program.unit(_MM_H)
    if header is None or b"VM_" not in unit.source or b"vm_flags" not in unit.source:
        return
    near = {name for name in header.macros if name.startswith(b"VM_")}
    for found in _FLAG.finditer(unit.text.code):
        meant = [
            name for name in near if name.startswith(found[0]) and len(name) < len(found[0]) + 3
        ]
        if found[0] not in near and meant and found[0] not in unit.macros:
            yield Finding(
                "undefined-vm-flag",
                unit.path,
                unit.line(found.start()),
                f"{found[0].decode()} is not defined in this tree; {meant[0].decode()} is",
            )


def fixed_protection(unit: Unit) -> Iterator[Finding]:
    """Mappings with PAGE_SHARED, whatever the vma's own protection says."""
    for function, at, _ in live_mapping_calls(unit):
        for call in unit.body(function).calls:
            if call.start == at and b"PAGE_SHARED" in call.arguments:
                yield Finding(
                    "page-shared",
                    unit.path,
                    unit.line(at),
                    f"{function.name.decode('latin-1')}() maps with PAGE_SHARED and not with "
                    "vma->vm_page_prot: a read-only mapping becomes writable",
                )


def dummy_swapout(program: Program, unit: Unit) -> Iterator[Finding]:
    """swapout() handlers that only return: VM_RESERVED makes them needless.

    Not so in ipc/shm.c, which swaps its own pages and lets nobody else do it.
    """
    if _SWAPS_ITSELF.search(unit.code):
        return
    for made in unit.initialisers:
        value = (
            program.slot(unit, made, b"swapout") if made.type == b"vm_operations_struct" else None
        )
        function = unit.by_name.get(value) if value else None
        if function is None:
            continue
        body = unit.body(function)
        if not body.calls and not body.assignments and len(body.returns) == 1:
            yield Finding(
                "dummy-swapout",
                unit.path,
                unit.line(function.start),
                f"{function.name.decode('latin-1')}() does nothing; marking the vma with "
                "VM_RESERVED makes it needless",
            )


def unmarked_remap(unit: Unit) -> Iterator[Finding]:
    """Mappings of memory that this file does not reserve: marking saves the scan."""
    for function, at, name in live_mapping_calls(unit):
        marked = re.search(
            rb"\bVM_RESERVED\b|\bvma_reserve\b", unit.code[function.body : function.end]
        )
        if not marked:
            yield Finding(
                "unmarked-remap",
                unit.path,
                unit.line(at),
                f"{function.name.decode('latin-1')}() maps with {name.decode()} and leaves the "
                "vma to be scanned for pages to swap; VM_RESERVED spares that",
            )
