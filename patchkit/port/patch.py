"""One mended patch onto a tree: every file placed, the law of its white space found, then made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from patchkit.history.version import History
from patchkit.patch.model import Head
from patchkit.port.believe import believed
from patchkit.port.elsewhere import one_place_each, place_anywhere
from patchkit.port.file import result
from patchkit.port.ladder.table import EXACT_ONLY, Ladder
from patchkit.port.outcome import FileReport, PatchReport
from patchkit.port.spacing.laws import infer
from patchkit.repair.mend import Mended, MendedFile
from patchkit.tree.base import Tree
from patchkit.tree.overlay import Changes, Overlay


@dataclass(frozen=True, slots=True)
class Ported:
    """A patch's report, and what it changes; hunks in conflict change nothing."""

    report: PatchReport
    changes: Changes


def port(
    mended: Mended,
    tree: Tree,
    *,
    ladder: Ladder = EXACT_ONLY,
    history: History | None = None,
    head: Head | None = None,
    source: str = "patch",
) -> Ported:
    """Carry *mended* to *tree*. Nothing is written: conflicts are outcomes in the report.

    *ladder* says how far a hunk may be adapted, *history* is where its base is looked for;
    *head* and *source* name the patch in the report.
    """
    overlay = Overlay(tree)
    reports: list[FileReport] = []
    sent = tuple(file.change for file in mended.files)
    for files in _rounds(mended.files):
        placed = one_place_each([place_anywhere(file, overlay, ladder, history) for file in files])
        law = infer([pair for one in placed for pair in one.pairs()], mended.spacing)
        for one in placed:
            changes, of_file = result(believed(one, law, overlay, sent), law)
            overlay = overlay.with_changes(changes)
            reports.append(of_file)
    report = PatchReport(head or Head(), source, tuple(reports), mended.repairs)
    return Ported(report, overlay.changes)


def _rounds(files: tuple[MendedFile, ...]) -> Iterator[list[MendedFile]]:
    """*files* in runs that name no file twice: a second diff of a file builds on the first."""
    run: list[MendedFile] = []
    seen: set[PurePosixPath] = set()
    for file in files:
        named = {file.paths[0], file.change.path, file.change.old_path or file.change.path}
        if named & seen:
            yield run
            run, seen = [], set()
        run.append(file)
        seen |= named
    if run:
        yield run
