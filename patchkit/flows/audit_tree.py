"""Tree → sites → verdicts, for the paths asked for."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from patchkit.audit.checks.table import mapping_findings
from patchkit.audit.driver import Driver, Finding
from patchkit.audit.flow import Flow
from patchkit.audit.judge import Judge
from patchkit.audit.program import Program
from patchkit.audit.report import AuditReport
from patchkit.audit.site import FileSites
from patchkit.audit.tree_rules import tree_rules
from patchkit.csource.unit import Unit
from patchkit.flows.audit_sites import find_sites
from patchkit.flows.kept_units import KeptUnits
from patchkit.flows.parallel import in_processes
from patchkit.tree.base import Tree

# A file without one of these neither maps memory nor answers for its pages.
MAPS = (b"remap_page_range", b"remap_pfn_range", b"vm_operations_struct")


def audit_tree(
    tree: Tree, asked: Sequence[PurePosixPath], *, jobs: int = 1, units: KeptUnits | None = None
) -> AuditReport:
    """Every reserve site at or below the *asked* paths of *tree*, and the verdicts on them.

    *jobs* processes share the work of judging; *units* keeps the facts of the files.

    Raises:
        InputError: the tree has no such path.
    """
    with _uncollected():
        return _audited(tree, asked, jobs, units)


@contextlib.contextmanager
def _uncollected() -> Iterator[None]:
    """An audit keeps what it makes: the collector would look through it for 8 % of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _audited(
    tree: Tree, asked: Sequence[PurePosixPath], jobs: int, units: KeptUnits | None
) -> AuditReport:
    sited = find_sites(tree, asked, keep=MAPS)
    program = Program(tree, sited.known, sited.texts, units or Unit)
    rules = tree_rules(program)
    judge = Judge(program, Flow(program), rules)

    def judged(files: tuple[FileSites, ...]) -> list[Driver]:
        found = [judge.driver(file) for file in files]
        if units is not None:
            units.keep()
        return found

    parts = in_processes(judged, _shares(sited.files, jobs))
    by_file = {driver.file: driver for part in parts for driver in part}
    drivers = [by_file[file.file] for file in sited.files]
    drivers += _by_nopage(judge, by_file, sited.texts)
    others = tuple(_other_findings(program, sited.texts, {driver.file for driver in drivers}))
    if units is not None:
        units.keep()
    return AuditReport(
        tree.name, sited.files, sited.unreadable, tuple(drivers), rules.rules, others
    )


def _shares(files: tuple[FileSites, ...], jobs: int) -> list[tuple[FileSites, ...]]:
    """*files* in *jobs* parts; what stands in one folder shares headers, and stays together."""
    folders: dict[PurePosixPath, list[FileSites]] = {}
    for file in files:
        folders.setdefault(file.file.parent, []).append(file)
    shares: list[list[FileSites]] = [[] for _ in range(max(1, jobs))]
    for folder in sorted(folders.values(), key=len, reverse=True):
        min(shares, key=len).extend(folder)
    return [tuple(share) for share in shares if share]


def _by_nopage(
    judge: Judge, judged: Mapping[PurePosixPath, Driver], texts: Mapping[PurePosixPath, bytes]
) -> Iterator[Driver]:
    """Drivers that reserve nothing and map their memory by nopage()."""
    for path, data in texts.items():
        if path not in judged and b"nopage" in data and b"vm_operations_struct" in data:
            driver = judge.nopage_driver(path)
            if driver is not None:
                yield driver


def _other_findings(
    program: Program, texts: Mapping[PurePosixPath, bytes], judged: set[PurePosixPath]
) -> Iterator[Finding]:
    """Findings in files that map memory and have no verdict."""
    for path, data in texts.items():
        if path in judged or path.suffix != ".c" or not any(name in data for name in MAPS):
            continue
        unit = program.unit(path)
        if unit is not None:
            yield from mapping_findings(program, unit, reserves=False)
