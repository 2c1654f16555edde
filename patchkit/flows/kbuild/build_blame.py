"""Errors of a build → the hunks of the applied patches that they are at."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from patchkit.kbuild.log import Diagnostic
from patchkit.port.outcome import HunkReport, Outcome, SeriesReport

_QUOTED = re.compile(r"[`'‘](\w+)['’]")


def blame(errors: tuple[Diagnostic, ...], applied: SeriesReport) -> tuple[str, ...]:
    """For each error that a hunk is near to, or whose symbol a hunk uses, a line for people; and
    where that symbol is defined only by a hunk that was refused, that too."""
    found: dict[str, None] = {}
    for error in errors:
        named = _QUOTED.search(error.text)
        symbol = named[1] if named else ""
        for path, line in _places(error, symbol, applied):
            hunk = _hunk_at(path, line, applied)
            if hunk is not None:
                found.setdefault(f"hunk {hunk.number} of {path.name}: {error.text}")
        for need in applied.needs:
            if symbol == need.symbol:
                found.setdefault(
                    f"{need.used_in} uses {symbol}, which only the refused hunk of "
                    f"{need.defined_in} defines"
                )
    return tuple(found)


def _places(
    error: Diagnostic, symbol: str, applied: SeriesReport
) -> Iterator[tuple[PurePosixPath, int]]:
    """Where in the patched files *error* is; a linker only names the symbol."""
    if error.line:
        path = PurePosixPath(error.path)
        if path in applied.changes:
            yield path, error.line
        return
    word = re.compile(rb"\b" + symbol.encode() + rb"\b")
    for path, file in applied.changes.items():
        match = word.search(file.data) if symbol and file is not None else None
        if match and file is not None:
            yield path, file.data.count(b"\n", 0, match.start()) + 1


def _hunk_at(path: PurePosixPath, line: int, applied: SeriesReport) -> HunkReport | None:
    """The last hunk in *path* that begins before *line* does."""
    hunks = [
        hunk
        for patch in applied.patches
        for file in patch.files
        if file.path == path
        for hunk in file.hunks
        if hunk.outcome is Outcome.APPLIED and hunk.line is not None and hunk.line <= line
    ]
    return max(hunks, key=lambda hunk: hunk.line or 0, default=None)
