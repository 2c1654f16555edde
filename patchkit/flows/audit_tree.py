"""Tree → sites → verdicts, for the paths asked for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from patchkit.audit.baseline import failing, fingerprints
from patchkit.audit.checks.table import mapping_findings
from patchkit.audit.driver import Driver, Finding
from patchkit.audit.flow import Flow
from patchkit.audit.judge import Judge
from patchkit.audit.notice import Level
from patchkit.audit.program import Program
from patchkit.audit.report import AuditReport
from patchkit.audit.site import Alias, FileSites, Unreadable
from patchkit.audit.sites import Aliases, aliases, file_sites, is_candidate
from patchkit.audit.tree_rules import tree_rules
from patchkit.audit.version_code import known_macros
from patchkit.csource.conditions import Known
from patchkit.errors import HostError, InputError
from patchkit.host.files import reason
from patchkit.tree.base import Tree

# A file without one of these neither maps memory nor answers for its pages.
MAPS = (b"remap_page_range", b"remap_pfn_range", b"vm_operations_struct")
_MANY = 100
C_SOURCES = frozenset((".c", ".h", ".S", ".inc", ".cc", ".cpp", ".hpp"))


def audit_tree(tree: Tree, asked: Sequence[PurePosixPath], *, verdicts: bool = True) -> AuditReport:
    """Every reserve site at or below the *asked* paths of *tree*, and the *verdicts* on them.

    Raises:
        InputError: the tree has no such path.
    """
    files = audited_files(tree, asked)
    known = known_macros(tree)
    unreadable: list[Unreadable] = []
    texts = dict(readable(tree, files, unreadable))
    named = _header_aliases(tree, texts)
    found = tuple(_with_sites(texts, known, named))
    report = AuditReport(tree.name, found, tuple(unreadable))
    if not verdicts:
        return report
    program = Program(tree, known, texts)
    rules = tree_rules(program)
    judge = Judge(program, Flow(program), rules)
    drivers = tuple(_drivers(judge, found, texts))
    others = tuple(_other_findings(program, texts, {driver.file for driver in drivers}))
    return replace(report, drivers=drivers, tree_rules=rules.rules, findings=others)


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


def _drivers(
    judge: Judge, found: tuple[FileSites, ...], texts: Mapping[PurePosixPath, bytes]
) -> Iterator[Driver]:
    judged = set()
    for file in found:
        judged.add(file.file)
        yield judge.driver(file)
    for path, data in texts.items():
        if path not in judged and b"nopage" in data and b"vm_operations_struct" in data:
            driver = judge.nopage_driver(path)
            if driver is not None:
                yield driver


def audited_files(tree: Tree, asked: Sequence[PurePosixPath]) -> tuple[PurePosixPath, ...]:
    """The C sources at or below the *asked* paths; a file that is named itself may be anything."""
    found: dict[PurePosixPath, None] = {}
    for path in asked:
        below = tuple(tree.paths(path))
        if not below:
            raise InputError(f"{path}: not in {tree.name}; paths are relative to the tree's top")
        found.update(dict.fromkeys(p for p in below if p.suffix in C_SOURCES or p == path))
    return tuple(sorted(found))


def readable(
    tree: Tree, files: Iterable[PurePosixPath], unreadable: list[Unreadable]
) -> Iterator[tuple[PurePosixPath, bytes]]:
    """The *files* with their bytes; those that can't be read are added to *unreadable*."""
    for path in files:
        try:
            data = tree.read(path)
        except HostError as error:
            unreadable.append(Unreadable(path, str(error)))
            continue
        if data is not None:
            yield path, data


def _header_aliases(tree: Tree, texts: Mapping[PurePosixPath, bytes]) -> tuple[Alias, ...]:
    """Aliases defined in the *texts*, and in headers beside a single file that was asked for."""
    beside: list[PurePosixPath] = []
    if len(texts) == 1:
        (only,) = texts
        beside = [p for p in tree.paths(only.parent) if p.suffix == ".h" and p not in texts]
    headers = readable(tree, beside, [])
    return tuple(
        alias
        for path, data in (*texts.items(), *headers)
        if is_candidate(data)
        for alias in aliases(path, data)
    )


def _with_sites(
    texts: Mapping[PurePosixPath, bytes], known: Known, named: tuple[Alias, ...]
) -> Iterator[FileSites]:
    for path, data in sorted(texts.items()):
        seen = _visible(path, data, named)
        if seen or is_candidate(data):
            found = file_sites(path, data, known, seen)
            if found.sites:
                yield found


def _visible(path: PurePosixPath, data: bytes, named: tuple[Alias, ...]) -> Aliases:
    """The aliases in *data* that *path* defines itself or includes, by the header's own name."""
    if len(named) > _MANY:  # a word list costs more than some searches, and less than many
        words = set(re.findall(rb"\w+", data))
        named = tuple(alias for alias in named if alias.name.encode("latin-1") in words)[:_MANY]
    return {
        alias.name.encode("latin-1"): alias
        for alias in named
        if alias.name.encode("latin-1") in data
        and (alias.file == path or alias.file.name.encode() in data)
    }


def failed(report: AuditReport, level: str, baseline: Path | None) -> bool:
    """Has *report* something of that level (``note``, ``warning``, ``error``; ``never`` fails) or
    above that *baseline*, an earlier audit's JSON, has not?

    Raises:
        InputError: the baseline can't be read, or is none.
    """
    if level == "never":
        return False
    known: frozenset[str] = frozenset()
    if baseline is not None:
        try:
            document = baseline.read_bytes()
        except OSError as error:
            raise InputError(f"{baseline}: can't be read: {reason(error)}") from error
        known = fingerprints(document, name=str(baseline))
    return bool(failing(report, at_least=Level[level.upper()], known=known))
