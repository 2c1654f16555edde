"""The new text of a file whose hunks have their places."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePosixPath

from patchkit.patch.model import Kind
from patchkit.port.charset import mixed
from patchkit.port.file import Placed
from patchkit.port.file_report import refusal
from patchkit.port.outcome import FileReport, How, Outcome
from patchkit.port.spacing.laws import Law
from patchkit.port.spacing.lossy import doubts
from patchkit.port.spacing.restore import Restorer
from patchkit.port.text import joined
from patchkit.tree.base import Mode
from patchkit.tree.overlay import Changes, File


def result(placed: Placed, law: Law) -> tuple[Changes, FileReport]:
    """What *placed* changes in the tree under *law*, and its report with the doubts told."""
    change, report = placed.change, placed.report
    if report.outcome in (Outcome.ALREADY, Outcome.MISSING) or not (
        placed.landed or report.outcome is Outcome.APPLIED
    ):
        return {}, report
    if placed.text is None:
        created = [line for hunk in change.hunks for line in hunk.lines]
        told = doubts(created, (), law)
        mode = Mode(change.new_mode) if change.new_mode else Mode.FILE
        return {change.path: File(joined(created), mode)}, _with_doubts(report, {1: told})
    data, told_by_hunk, restored = patched(placed, law)
    report = _with_restored(_with_doubts(report, told_by_hunk), restored)
    changes: dict[PurePosixPath, File | None] = {}
    if change.new_path is None:
        if data != placed.rest:
            reason = "the tree's file has more than it deletes"
            if change.copy_of is not None:
                reason = f"the copy is not what {change.copy_of} is but for the patch"
            return {}, refusal(change, Outcome.CONFLICT, reason)
        return {placed.source: None}, report
    if placed.source != change.new_path and not change.is_copy:
        changes[placed.source] = None
    mode = Mode(change.new_mode) if change.new_mode else placed.mode
    changes[change.new_path] = File(data, mode)
    return changes, report


def patched(placed: Placed, law: Law) -> tuple[bytes, dict[int, tuple[str, ...]], frozenset[int]]:
    """The file's new bytes, what is in doubt by hunk number, and the numbers of the hunks whose
    added lines are not as received."""
    text = placed.text
    assert text is not None
    restorer = Restorer(text, law)
    numbers = [h.number for h in placed.report.hunks if h.outcome is Outcome.APPLIED]
    out: list[bytes] = []
    told: dict[int, tuple[str, ...]] = {}
    restored: set[int] = set()
    newline = text.ends_with_newline
    at = 0
    for number, landed in zip(numbers, placed.landed, strict=True):
        out += text.lines[at : landed.at]
        image = restorer.lines(landed)
        out += image
        received = {line.text for line in landed.hunk.new if line.kind is Kind.ADDED}
        if not received <= set(image):
            restored.add(number)
        at = landed.at + len(landed.hunk.old)
        told[number] = doubts(landed.hunk.lines, text.lines, law) + mixed(received, text.lines)
        last = landed.hunk.lines[-1]
        if at == len(text) and last.kind is not Kind.CONTEXT:
            newline = not landed.hunk.new or landed.hunk.new[-1].newline
    out += text.lines[at:]
    data = b"\n".join(out) + (b"\n" if out and newline else b"")
    return data, told, frozenset(restored)


def _with_doubts(report: FileReport, told: dict[int, tuple[str, ...]]) -> FileReport:
    hunks = tuple(
        replace(hunk, doubts=(*hunk.doubts, *told.get(hunk.number, ()))) for hunk in report.hunks
    )
    return replace(report, hunks=hunks)


def _with_restored(report: FileReport, restored: frozenset[int]) -> FileReport:
    """*report* with the hunks that are not as received on the rung of white space."""
    exact = (How.EXACT, How.OFFSET)
    hunks = tuple(
        replace(hunk, how=How.WHITESPACE) if hunk.number in restored and hunk.how in exact else hunk
        for hunk in report.hunks
    )
    return replace(report, hunks=hunks)
