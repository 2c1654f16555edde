"""A file that the tree has under another name is placed there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from patchkit.history.version import History
from patchkit.port.file import Placed, place
from patchkit.port.ladder.moved import Moved, moved
from patchkit.port.ladder.table import Ladder, adapts
from patchkit.port.outcome import FileReport, Outcome
from patchkit.repair.mend import MendedFile
from patchkit.tree.base import Tree


def place_anywhere(
    mended: MendedFile, tree: Tree, ladder: Ladder, history: History | None
) -> Placed:
    """As :func:`place`; where *ladder* lets hunks be adapted, a missing file is looked for by
    its hunks' lines."""
    placed = place(mended, tree, ladder, history)
    change = placed.change
    if placed.report.outcome is not Outcome.MISSING or not adapts(ladder):
        return placed
    if change.old_path != change.new_path:
        return placed
    found = moved(change, tree)
    if found is None:
        return placed
    if not isinstance(found, Moved):
        return replace(placed, report=replace(placed.report, reason=found.reason))
    at = replace(change, old_path=found.path, new_path=found.path)
    there = place(replace(mended, change=at, paths=(found.path,)), tree, ladder, history)
    evidence = f"{change.old_path} is {found.path} here: {found.evidence}"
    return replace(there, report=replace(there.report, moved=evidence))


def one_place_each(placed: Sequence[Placed]) -> list[Placed]:
    """*placed* without those moved files that share theirs with another file of the patch: what
    one changes, the other has not seen."""
    paths = [one.source for one in placed]
    return [
        _refused(one, one.source) if one.report.moved and paths.count(one.source) > 1 else one
        for one in placed
    ]


def _refused(placed: Placed, path: PurePosixPath) -> Placed:
    report: FileReport = placed.report
    reason = f"the tree has no such file, and {path}, which has its lines, is changed as well"
    hunks = tuple(
        replace(hunk, outcome=Outcome.CONFLICT, how=None, line=None, reason=reason)
        for hunk in report.hunks
    )
    report = replace(report, outcome=Outcome.CONFLICT, hunks=hunks, reason=reason)
    return replace(placed, report=report, landed=())
