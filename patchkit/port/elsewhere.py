"""A file that the tree has under another name is placed there."""

from __future__ import annotations

from dataclasses import replace

from patchkit.history.version import History
from patchkit.port.file import Placed, place
from patchkit.port.ladder.moved import Moved, moved
from patchkit.port.ladder.table import Ladder, adapts
from patchkit.port.outcome import Outcome
from patchkit.repair.mend import MendedFile
from patchkit.tree.base import Tree


def place_elsewhere(
    placed: Placed, mended: MendedFile, tree: Tree, ladder: Ladder, history: History | None
) -> Placed:
    """*placed*, which is *mended* in *tree*; where the file is missing there and *ladder* lets
    hunks be adapted, placed in the file that has its hunks' lines."""
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
