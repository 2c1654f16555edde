"""Mails → patches → a tree: carry a series, patch by patch, and say what became of each hunk."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import PurePosixPath

from patchkit.errors import Exit, InputError
from patchkit.flows.apply.carry_patch import Means, carry
from patchkit.flows.intake.extract_mail import Extracted, Refused
from patchkit.flows.intake.unnumbered import reordered
from patchkit.history.reads import RecordedHistory, read_of
from patchkit.history.version import History
from patchkit.mail.series import HOLE, Note
from patchkit.patch.model import FileChange
from patchkit.port.ladder.table import ADAPTING, Ladder
from patchkit.port.needs import needs
from patchkit.port.outcome import FileReport, Outcome, PatchReport, SeriesReport
from patchkit.stack.memory import Memory
from patchkit.tree.base import Tree
from patchkit.tree.overlay import Changes, File, Overlay

REJECTS = ".rej"


def apply_series(
    extracted: Iterable[Extracted | Refused],
    tree: Tree,
    *,
    reverse: bool = False,
    ladder: Ladder = ADAPTING,
    history: History | None = None,
    memory: Memory | None = None,
) -> SeriesReport:
    """Carry the patches to *tree*, each on the result of those before it. Nothing is written.

    *ladder* says how far hunks may be adapted, *history* is where the bases of files are found,
    *memory* what is known of conflicts that were resolved by hand.

    Raises:
        InputError: a patch can't be read, or names a file outside the tree, in a symlink too.
    """
    overlay = Overlay(tree)
    reports: list[PatchReport] = []
    steps: list[Changes] = []
    landed: list[tuple[FileChange, FileReport]] = []
    history = RecordedHistory(history) if history is not None else None
    means = Means(reverse, ladder, history, memory)
    left = in_order(extracted, reverse=reverse)
    moved: tuple[str, ...] = ()
    while left:
        carried = carry(left[0], overlay, means)
        if carried.report.outcome is Outcome.CONFLICT and not (moved or reverse):
            better = reordered(left)
            if better is not None:
                moved, left = (carried.title,), better
                continue
        left = left[1:]
        overlay = overlay.with_changes(carried.changes)
        reports.append(carried.report)
        steps.append(carried.changes)
        landed += carried.pairs()
    missing = needs(landed, overlay)
    return SeriesReport(
        tree.name,
        tuple(reports),
        overlay.changes,
        missing,
        tuple(steps),
        moved,
        read_of(history),
    )


def exit_of(report: SeriesReport, notes: Iterable[Note], *, strict: bool) -> Exit:
    """As *report* says; INCOMPLETE where nothing is in conflict, and a patch is missing."""
    code = report.exit(strict=strict)
    is_hole = any(note.kind == HOLE for note in notes)
    return Exit.INCOMPLETE if is_hole and code is not Exit.FINDINGS else code


def with_rejects(report: SeriesReport, tree: Tree) -> SeriesReport:
    """*report* with the refused hunks as ``.rej`` files beside the files they are of.

    Raises:
        InputError: *tree*, or the series, has another file of such a name.
    """
    rejects: dict[PurePosixPath, bytes] = {}
    for patch in report.patches:
        for file in patch.files:
            if file.rejects:
                path = file.path.with_name(file.path.name + REJECTS)
                rejects[path] = rejects.get(path, b"") + file.rejects
    files = {path: File(data) for path, data in rejects.items()}
    after = Overlay(tree, report.changes)
    for path, data in rejects.items():
        if after.read(path) not in (None, data):
            raise InputError(f"{path}: is there already; move it away, --partial would write it")
    return replace(report, changes={**report.changes, **files})


def in_order(extracted: Iterable[Extracted | Refused], *, reverse: bool) -> list[Extracted]:
    """The patches, the last one first to take them back.

    Raises:
        InputError: one can't be read, or there is none.
    """
    patches = []
    for one in extracted:
        if isinstance(one, Refused):
            raise InputError(one.reason)
        patches.append(one)
    if not patches:
        raise InputError("no diff in what was given; give a mail with a patch")
    return patches[::-1] if reverse else patches
