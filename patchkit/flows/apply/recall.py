"""Conflicts that a person resolved before, resolved again: in the report as ``remembered``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath

from patchkit.port.markers import Unlanded
from patchkit.port.outcome import FileReport, How, Outcome, worst
from patchkit.port.remembered import Resolution, conflict_key, learned, replayed, stands
from patchkit.repair.mend import MendedFile
from patchkit.snapshots.dir_tree import dir_tree
from patchkit.stack.memory import Memory
from patchkit.stack.state import Stop
from patchkit.tree.base import Mode, Tree
from patchkit.tree.overlay import File, file_of

REASON = "resolved as by hand before"


def recalled(
    mended: MendedFile, report: FileReport, landed: Tree, memory: Memory
) -> tuple[FileReport, File | None] | None:
    """A file in conflict as it was resolved before: its report and what it becomes, None if that
    is there. *landed* is the tree with what lands of the patch; None where nothing identical is
    known."""
    hunks = [one.hunk for one in unlanded(mended, report)]
    file = file_of(landed, report.path)
    if report.outcome is not Outcome.CONFLICT or not hunks or file is None:
        return None
    if file.mode is Mode.LINK or mended.change.old_path is None or mended.change.new_path is None:
        return None
    known = [Resolution(*blocks) for blocks in memory.recall(conflict_key(hunks))]
    found = replayed(file.data, known)
    outcome, at = Outcome.APPLIED, found.at if found else None
    if found is None:
        outcome, at = Outcome.ALREADY, stands(file.data, known)
    if at is None:
        return None
    of_hunks = tuple(
        replace(
            hunk, outcome=outcome, how=How.REMEMBERED, line=at + 1, reason=REASON,
            details=(),
        )
        if hunk.outcome is Outcome.CONFLICT
        else hunk
        for hunk in report.hunks
    )  # fmt: skip
    of_file = worst(tuple(hunk.outcome for hunk in of_hunks))
    done = replace(report, outcome=of_file, hunks=of_hunks, rejects=b"")
    return done, File(found.data, file.mode) if found else None


def learn(folder: Path, stop: Stop, memory: Memory) -> tuple[PurePosixPath, ...]:
    """Keep what the tree in *folder* has become at the conflicts of *stop*; the files of which
    something was learned.

    Raises:
        HostError: the disk refuses.
    """
    tree = dir_tree(folder)
    files = []
    for one in stop.refused:
        resolved = tree.read(one.path)
        found = learned(one.text, resolved, one.about) if resolved is not None else None
        if found is not None:
            memory.remember(one.key, found.before, found.after)
            files.append(one.path)
    return tuple(files)


def unlanded(mended: MendedFile, report: FileReport) -> Iterator[Unlanded]:
    """The hunks of a file that are in conflict, with what was proposed for them."""
    for hunk, of_hunk in zip(mended.change.hunks, report.hunks, strict=True):
        if of_hunk.outcome is Outcome.CONFLICT:
            yield Unlanded(hunk, of_hunk.proposal)
