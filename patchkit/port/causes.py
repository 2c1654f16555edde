"""Why a hunk is in conflict: who changed the lines that it looks for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePosixPath

from patchkit.history.changed_lines import LineChange, changed_lines
from patchkit.history.version import History
from patchkit.patch.model import Hunk
from patchkit.port.outcome import FileReport, Outcome, PatchReport
from patchkit.port.text import Text, key
from patchkit.repair.mend import Mended, MendedFile
from patchkit.tree.base import Tree


def with_causes(report: PatchReport, mended: Mended, tree: Tree, history: History) -> PatchReport:
    """*report* of *mended* on *tree*, its conflicts with the commits that changed the lines which
    they miss: of the tree's own *history*, or later ones that add a line it does not have yet."""
    if report.outcome is not Outcome.CONFLICT:
        return report
    files = zip(report.files, mended.files, strict=True)
    return replace(report, files=tuple(_file(file, of, tree, history) for file, of in files))


def _file(report: FileReport, mended: MendedFile, tree: Tree, history: History) -> FileReport:
    change = mended.change
    # The report's path is the one of several spellings that the tree has.
    renamed = change.old_path is not None and change.old_path != change.new_path
    source = change.old_path if renamed and change.old_path is not None else report.path
    data = tree.read(source)
    if data is None or all(hunk.outcome is not Outcome.CONFLICT for hunk in report.hunks):
        return report
    there = set(Text(data).keys)
    hunks = tuple(
        replace(found, causes=_causes(hunk, there, source, history))
        if found.outcome is Outcome.CONFLICT
        else found
        for found, hunk in zip(report.hunks, change.hunks, strict=True)
    )
    return replace(report, hunks=hunks)


def _causes(
    hunk: Hunk, there: set[bytes], path: PurePosixPath, history: History
) -> tuple[LineChange, ...]:
    lines = [line.text for line in hunk.old if key(line.text) not in there]
    return changed_lines(lines, path, history, history.whole()) if lines else ()
