"""The checks, in the order of their findings."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from patchkit.audit.checks.confused_addresses import confused_addresses
from patchkit.audit.checks.counted_twice import counted_twice
from patchkit.audit.checks.evidence import Evidence
from patchkit.audit.checks.freed_reserved import freed_reserved
from patchkit.audit.checks.freed_while_mapped import freed_while_mapped
from patchkit.audit.checks.kept_after_free import kept_after_free
from patchkit.audit.checks.kept_when_failed import kept_when_failed
from patchkit.audit.checks.leaked_on_error import leaked_on_error
from patchkit.audit.checks.lock_kept import lock_kept
from patchkit.audit.checks.misplaced import behind_a_return, cleared_before_test
from patchkit.audit.checks.one_direction import one_direction
from patchkit.audit.checks.other_buffer import other_buffer
from patchkit.audit.checks.page_loops import page_loops
from patchkit.audit.checks.stale_copy import stale_copy
from patchkit.audit.checks.still_counted import still_counted
from patchkit.audit.checks.timer_sleeps import timer_sleeps
from patchkit.audit.checks.undo_reserves import undo_reserves
from patchkit.audit.checks.unlimited_mapping import unlimited_mapping
from patchkit.audit.checks.unwinding import unwinding
from patchkit.audit.checks.vma_flags import (
    dummy_swapout,
    fixed_protection,
    undefined_flags,
    unmarked_remap,
)
from patchkit.audit.driver import Finding
from patchkit.audit.program import Program
from patchkit.csource.unit import Unit

Check = Callable[[Evidence], Iterator[Finding]]

# Of drivers that reserve.
CHECKS: tuple[Check, ...] = (
    page_loops,
    unwinding,
    undo_reserves,
    freed_reserved,
    leaked_on_error,
    confused_addresses,
    counted_twice,
    timer_sleeps,
    cleared_before_test,
    behind_a_return,
    kept_after_free,
    stale_copy,
    unlimited_mapping,
    one_direction,
    freed_while_mapped,
    kept_when_failed,
    other_buffer,
    still_counted,
    lock_kept,
)


def findings(driver: Evidence) -> tuple[Finding, ...]:
    """What is wrong in a driver that reserves, by line."""
    found = {finding for check in CHECKS for finding in check(driver)}
    return tuple(sorted(found, key=lambda finding: (finding.file, finding.line, finding.kind)))


def mapping_findings(program: Program, unit: Unit, *, reserves: bool) -> tuple[Finding, ...]:
    """What could be better in a file that maps memory, by line; one that *reserves* has a verdict
    that says to mark the vma."""
    found = [
        *undefined_flags(program, unit),
        *fixed_protection(unit),
        *dummy_swapout(program, unit),
    ]
    if not reserves:
        found += unmarked_remap(unit)
    return tuple(sorted(found, key=lambda finding: (finding.line, finding.kind)))
