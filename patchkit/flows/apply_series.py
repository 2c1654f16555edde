"""Mails → patches → a tree: carry a series, patch by patch, and say what became of each hunk."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import PurePosixPath

from patchkit.errors import Exit, InputError
from patchkit.flows.extract_mail import Extracted, Refused
from patchkit.history.version import History
from patchkit.mail.series import HOLE, Note
from patchkit.patch.model import FileChange
from patchkit.patch.reverse import reversed_change, reversed_hunk
from patchkit.port.causes import with_causes
from patchkit.port.ladder.table import ADAPTING, EXACT_ONLY, Ladder
from patchkit.port.needs import needs
from patchkit.port.outcome import FileReport, PatchReport, SeriesReport
from patchkit.port.patch import port
from patchkit.repair.mend import Mended, MendedFile
from patchkit.snapshots.paths import check_link
from patchkit.tree.base import Mode, Tree
from patchkit.tree.overlay import Changes, File, Overlay

REJECTS = ".rej"
__all__ = ["ADAPTING", "EXACT_ONLY", "apply_series", "exit_of", "taken_back", "with_rejects"]


def apply_series(
    extracted: Iterable[Extracted | Refused],
    tree: Tree,
    *,
    reverse: bool = False,
    ladder: Ladder = EXACT_ONLY,
    history: History | None = None,
) -> SeriesReport:
    """Carry the patches to *tree*, each on the result of those before it. Nothing is written.

    *ladder* says how far hunks may be adapted, *history* is where the bases of files are found.

    Raises:
        InputError: a patch can't be read, or names a file outside the tree, in a symlink too.
    """
    overlay = Overlay(tree)
    reports: list[PatchReport] = []
    steps: list[Changes] = []
    landed: list[tuple[FileChange, FileReport]] = []
    for one in _in_order(extracted, reverse=reverse):
        mended = taken_back(one.mended) if reverse else one.mended
        ported = port(
            mended,
            overlay,
            ladder=ladder,
            history=history,
            head=one.patch.head,
            source=one.message.source,
        )
        _check_links(ported.changes)
        found = ported.report
        if history is not None:
            found = with_causes(found, mended, overlay, history)
        overlay = overlay.with_changes(ported.changes)
        reports.append(found)
        steps.append(ported.changes)
        landed += zip((file.change for file in mended.files), found.files, strict=True)
    if not reports:
        raise InputError("no diff in what was given; give a mail with a patch")
    missing = needs(landed, overlay)
    return SeriesReport(tree.name, tuple(reports), overlay.changes, missing, tuple(steps))


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


def _check_links(changes: Changes) -> None:
    """Refuse a symlink out of the tree even where nothing is written: --check must not bless it."""
    for path, file in changes.items():
        if file is not None and file.mode is Mode.LINK:
            check_link(path, file.data)


def _in_order(extracted: Iterable[Extracted | Refused], *, reverse: bool) -> list[Extracted]:
    patches = []
    for one in extracted:
        if isinstance(one, Refused):
            raise InputError(one.reason)
        patches.append(one)
    return patches[::-1] if reverse else patches


def taken_back(mended: Mended) -> Mended:
    """*mended* with before and after exchanged, the last file first."""

    def back(file: MendedFile) -> MendedFile:
        return replace(
            file,
            change=reversed_change(file.change),
            readings=tuple(
                tuple(way._replace(hunk=reversed_hunk(way.hunk)) for way in ways)
                for ways in file.readings
            ),
        )

    return replace(mended, files=tuple(back(file) for file in mended.files[::-1]))
