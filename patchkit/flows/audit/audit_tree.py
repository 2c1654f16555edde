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
from patchkit.audit.nopage_driver import nopage_driver
from patchkit.audit.program import Program
from patchkit.audit.report import AuditReport
from patchkit.audit.site import FileSites
from patchkit.audit.tree_rules import tree_rules
from patchkit.csource.unit import Unit
from patchkit.flows.audit.audit_sites import Sited, find_sites
from patchkit.flows.audit.kept_units import KeptUnits
from patchkit.flows.audit.parallel import in_processes
from patchkit.tree.base import Tree

# A file without one of these neither maps memory nor answers for its pages.
MAPS = (b"remap_page_range", b"remap_pfn_range", b"vm_operations_struct")

# What a verdict is asked on: a file's sites, or a file that has none.
_Work = FileSites | PurePosixPath


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
    flow = Flow(program)
    judge = Judge(program, flow, rules)

    def judged(share: tuple[_Work, ...]) -> list[Driver]:
        found = [
            judge.driver(each)
            if isinstance(each, FileSites)
            else nopage_driver(program, flow, each)
            for each in share
        ]
        if units is not None:
            units.keep()
        return [driver for driver in found if driver is not None]

    work: tuple[_Work, ...] = (*sited.files, *_by_nopage(sited))
    parts = in_processes(judged, _shares(work, sited.texts, jobs))
    by_file = {driver.file: driver for part in parts for driver in part}
    drivers = [by_file[path] for path in map(_path, work) if path in by_file]
    others = tuple(_other_findings(program, sited.texts, {driver.file for driver in drivers}))
    if units is not None:
        units.keep()
    return AuditReport(
        tree.name, sited.files, sited.unreadable, tuple(drivers), rules.rules, others
    )


def _path(work: _Work) -> PurePosixPath:
    return work.file if isinstance(work, FileSites) else work


def _shares(
    work: Sequence[_Work], texts: Mapping[PurePosixPath, bytes], jobs: int
) -> list[tuple[_Work, ...]]:
    """*work* in *jobs* parts of like size; what stands in one folder shares headers, and is cut
    apart only where a part is full."""
    ordered = sorted(work, key=_path)
    total = sum(len(texts[_path(each)]) for each in ordered) + 1
    shares: list[list[_Work]] = [[] for _ in range(max(1, jobs))]
    before = 0
    for each in ordered:
        shares[before * len(shares) // total].append(each)
        before += len(texts[_path(each)])
    return [tuple(share) for share in shares if share]


def _by_nopage(sited: Sited) -> Iterator[PurePosixPath]:
    """Files that may reserve nothing and map their memory by nopage()."""
    reserving = {file.file for file in sited.files}
    for path, data in sited.texts.items():
        if path not in reserving and b"nopage" in data and b"vm_operations_struct" in data:
            yield path


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
