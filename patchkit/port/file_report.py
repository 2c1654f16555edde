"""What is said of a file of a patch: its outcome, of those of its hunks, name and mode."""

from __future__ import annotations

from dataclasses import replace

from patchkit.patch.model import FileChange
from patchkit.patch.render import file_bytes
from patchkit.port.outcome import FileReport, How, HunkReport, Outcome, worst
from patchkit.tree.base import Tree


def reported(change: FileChange, hunks: list[HunkReport], tree: Tree) -> FileReport:
    """The file's report, made of those of its *hunks*; *tree* has it as it was."""
    outcome = _outcome(change, hunks, tree)
    deed, rejects = _deed(change, outcome), _rejects(change, hunks)
    return FileReport(change.path, outcome, tuple(hunks), deed, rejects)


def refusal(change: FileChange, outcome: Outcome, reason: str) -> FileReport:
    """A report for a file whose hunks were not looked at one by one."""
    of_hunk = Outcome.CONFLICT if outcome is Outcome.MISSING else outcome
    hunks = tuple(
        HunkReport(
            number,
            of_hunk,
            max(hunk.old_start, 1),
            How.EXACT if outcome is Outcome.ALREADY else None,
            max(hunk.new_start, 1) if outcome is Outcome.ALREADY else None,
            reason,
        )
        for number, hunk in enumerate(change.hunks, 1)
    )
    report = FileReport(change.path, outcome, hunks, reason)
    return replace(report, rejects=_rejects(change, list(hunks)))


def _outcome(change: FileChange, reports: list[HunkReport], tree: Tree) -> Outcome:
    """The file's outcome: of its hunks, and of its mode and name where these change."""
    outcomes = [report.outcome for report in reports]
    source, path = change.old_path, change.new_path
    if source is None:
        return worst(tuple(outcomes))
    if path is not None:
        renamed = source != path
        if renamed and tree.read(path) is not None:
            return Outcome.CONFLICT
        mode = tree.mode(source)
        moded = change.new_mode is not None and mode is not None and mode.value != change.new_mode
        if renamed or moded:
            outcomes.append(Outcome.APPLIED)
    else:
        outcomes.append(Outcome.APPLIED)
    return worst(tuple(outcomes))


def _deed(change: FileChange, outcome: Outcome) -> str:
    """What happens to the file but for its text, in words; empty for nothing."""
    moves = change.new_path is not None and change.old_path != change.new_path
    if outcome is Outcome.CONFLICT and moves:
        return f"to become {change.new_path}"
    if outcome is not Outcome.APPLIED:
        return ""
    if change.new_path is None:
        return "deleted"
    deeds = []
    if change.old_path != change.new_path:
        deeds.append(f"{'copied' if change.is_copy else 'renamed'} from {change.old_path}")
    if change.new_mode is not None and change.old_mode != change.new_mode:
        deeds.append(f"mode {change.new_mode}")
    return ", ".join(deeds)


def _rejects(change: FileChange, reports: list[HunkReport]) -> bytes:
    refused = {report.number for report in reports if report.outcome is Outcome.CONFLICT}
    hunks = tuple(h for number, h in enumerate(change.hunks, 1) if number in refused)
    return file_bytes(replace(change, hunks=hunks)) if hunks else b""
