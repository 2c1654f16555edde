"""Symbols that a hunk which landed uses and only a refused one defines: the tree would not
compile, and no outcome of a single hunk says so."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from patchkit.patch.model import FileChange, Hunk, Kind
from patchkit.port.outcome import FileReport, Need, Outcome
from patchkit.tree.base import Tree

# What an added line may define: a macro, a function or variable at the start of a line (kernel
# style), a struct, union or enum with a body, a type.
DEFINITIONS = (
    re.compile(rb"^\s*#\s*define\s+(\w+)"),
    re.compile(rb"^(?!#|return\b|else\b|if\b|case\b)[A-Za-z_][\w\s*]*?\b(\w+)\s*(?:\(|=[^=]|\[|;)"),
    re.compile(rb"^\s*(?:typedef\s+)?(?:struct|union|enum)\s+(\w+)\s*\{"),
    re.compile(rb"^\s*typedef\b.*?\b(\w+)\s*;"),
)
WORD = re.compile(rb"\b[A-Za-z_]\w+\b")
NOT_CODE = re.compile(rb'/\*.*?(?:\*/|$)|//.*$|"(?:\\.|[^"\\])*"|^\s*\*.*$')


def needs(changes: Iterable[tuple[FileChange, FileReport]], tree: Tree) -> tuple[Need, ...]:
    """Symbols missing from *tree*, for the files of a run with their reports, in order."""
    pairs = list(changes)
    missing: dict[bytes, PurePosixPath] = {}
    for change, report in pairs:
        here = tree.read(change.old_path or change.path) or b""
        for hunk in _hunks(change, report, Outcome.CONFLICT):
            for symbol in _defined(hunk):
                if not re.search(rb"\b%s\b" % re.escape(symbol), here):
                    missing.setdefault(symbol, change.path)
    if not missing:
        return ()
    found: dict[tuple[bytes, PurePosixPath], Need] = {}
    for change, report in pairs:
        for hunk in _hunks(change, report, Outcome.APPLIED):
            for symbol in sorted(_used(hunk) & missing.keys()):
                need = Need(symbol.decode("latin-1"), change.path, missing[symbol])
                found.setdefault((symbol, change.path), need)
    return tuple(found.values())


def _hunks(change: FileChange, report: FileReport, outcome: Outcome) -> Iterator[Hunk]:
    for hunk, of_hunk in zip(change.hunks, report.hunks, strict=True):
        if of_hunk.outcome is outcome:
            yield hunk


def _added(hunk: Hunk) -> Iterator[bytes]:
    for line in hunk.lines:
        if line.kind is Kind.ADDED:
            yield NOT_CODE.sub(b"", line.text)


def _defined(hunk: Hunk) -> set[bytes]:
    return {
        match[1]
        for line in _added(hunk)
        for pattern in DEFINITIONS
        if (match := pattern.match(line))
    }


def _used(hunk: Hunk) -> set[bytes]:
    return {word for line in _added(hunk) for word in WORD.findall(line)}
