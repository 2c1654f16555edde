"""One mended patch onto a tree: every file placed, the law of its white space found, then made."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import NamedTuple

from patchkit.history.version import History
from patchkit.patch.model import Head
from patchkit.port.believe import believed
from patchkit.port.elsewhere import place_elsewhere
from patchkit.port.escapes import UNDECIDED, as_the_tree_has
from patchkit.port.file import Placed, place
from patchkit.port.file_report import refusal
from patchkit.port.file_text import result
from patchkit.port.judge.evidence import Sent
from patchkit.port.ladder.table import ADAPTING, Ladder
from patchkit.port.outcome import FileReport, Outcome, PatchReport
from patchkit.port.spacing.laws import infer
from patchkit.repair.mend import Mended
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
    ladder: Ladder = ADAPTING,
    history: History | None = None,
    head: Head | None = None,
    source: str = "patch",
) -> Ported:
    """Carry *mended* to *tree*. Nothing is written: conflicts are outcomes in the report.

    *ladder* says how far a hunk may be adapted, *history* is where its base is looked for;
    *head* and *source* name the patch in the report.
    """
    means = _Means(tree, ladder, history, head or Head(), source)
    decided = as_the_tree_has(mended, tree)
    ported = _ported(decided, means)
    if decided.undecoded is None:
        return ported
    return _safer(decided, ported, _ported(decided.undecoded, means))


class _Means(NamedTuple):
    tree: Tree
    ladder: Ladder
    history: History | None
    head: Head
    source: str


def _safer(mended: Mended, decoded: Ported, plain: Ported) -> Ported:
    """*decoded*, if nothing else can be meant: the *plain* form lands nowhere, or makes the same
    of the tree."""
    conflict = Outcome.CONFLICT
    if decoded.changes == plain.changes or (
        decoded.report.outcome is not conflict and plain.report.outcome is conflict
    ):
        return decoded
    files = tuple(refusal(file.change, conflict, UNDECIDED) for file in mended.files)
    return Ported(replace(decoded.report, files=files), {})


def _ported(mended: Mended, means: _Means) -> Ported:
    tree, ladder, history, head, source = means
    overlay = Overlay(tree)
    reports: list[FileReport] = []
    placed: list[Placed] = []
    touched: set[PurePosixPath] = set()
    for file in mended.files:
        # git takes a copy from the file as it was before the patch.
        one = place(file, tree if file.change.is_copy else overlay, ladder, history)
        if not touched & one.touches:
            one = place_elsewhere(one, file, overlay, ladder, history)
        if touched & one.touches:
            # A second diff of a file builds on the first.
            overlay = _settled(placed, mended, overlay, reports)
            placed, touched = [], set()
            one = place(file, overlay, ladder, history)
            one = place_elsewhere(one, file, overlay, ladder, history)
        placed.append(one)
        touched |= one.touches
    overlay = _settled(placed, mended, overlay, reports)
    pairs = zip(reports, mended.files, strict=True)
    files = tuple(_with_sent_lines(file, one.hunk_lines) for file, one in pairs)
    report = PatchReport(head, source, files, mended.repairs)
    return Ported(report, overlay.changes)


def _with_sent_lines(report: FileReport, lines: tuple[int, ...]) -> FileReport:
    hunks = (replace(h, sent_line=lines[h.number - 1]) if lines else h for h in report.hunks)
    return replace(report, hunks=tuple(hunks))


def _settled(
    placed: list[Placed], mended: Mended, overlay: Overlay, reports: list[FileReport]
) -> Overlay:
    """*overlay* with the results of *placed*, whose reports are added to *reports*."""
    law = infer([pair for one in placed for pair in one.pairs()], mended.spacing)
    sent = Sent(tuple(file.change for file in mended.files))
    for one in placed:
        changes, report = result(believed(one, law, overlay, sent), law)
        overlay = overlay.with_changes(changes)
        reports.append(report)
    return overlay
