"""One file of a patch: found in the tree, its hunks landed, its new text made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from patchkit.errors import InputError
from patchkit.history.version import History
from patchkit.patch.model import FileChange, Kind, Line, Spacing
from patchkit.patch.render import file_bytes
from patchkit.port.hunks import land
from patchkit.port.judge.evidence import C_SUFFIXES
from patchkit.port.ladder.table import EXACT_ONLY, Ladder
from patchkit.port.ladder.three_way import ThreeWay
from patchkit.port.merge.base import find_base, named
from patchkit.port.naming import resolve
from patchkit.port.outcome import FileReport, How, HunkReport, Outcome, worst
from patchkit.port.spacing.laws import Law, Pair
from patchkit.port.spacing.lossy import doubts
from patchkit.port.spacing.restore import Landed, Restorer, pairs
from patchkit.port.text import Text, key
from patchkit.repair.mend import MendedFile
from patchkit.tree.base import Mode, Tree
from patchkit.tree.overlay import Changes, File


@dataclass(frozen=True, slots=True)
class Placed:
    """A file's hunks with their places: all that is known before the patch's law is."""

    change: FileChange
    source: PurePosixPath
    report: FileReport
    text: Text | None = None
    mode: Mode = Mode.FILE
    landed: tuple[Landed, ...] = ()
    # What a file to be deleted must be when its hunks are done.
    rest: bytes = b""

    @property
    def touches(self) -> frozenset[PurePosixPath]:
        """The files that it changes or makes."""
        if self.change.is_copy:
            return frozenset({self.change.path})
        return frozenset({self.source, self.change.path, self.change.copy_of or self.source})

    def pairs(self) -> Iterator[Pair]:
        """What the mail made of the lines that the target has."""
        if self.text is not None:
            for landed in self.landed:
                yield from pairs(landed, self.text)


def place(mended: MendedFile, tree: Tree, ladder: Ladder, history: History | None = None) -> Placed:
    """Find the file that *mended* means in *tree*, and a place for each of its hunks."""
    path = resolve(mended, tree)
    change = mended.change
    if len(mended.paths) > 1 and path != mended.paths[0]:
        change = replace(
            change,
            old_path=path if change.old_path else None,
            new_path=path if change.new_path else None,
        )
    source = change.old_path or change.path
    for path_named in {source, change.path}:
        _refuse_through_symlink(path_named, tree)
    data = tree.read(source)
    if change.old_path is None:
        return _created(change, tree)
    if data is None:
        return _missing(change, tree)
    mode = tree.mode(source) or Mode.FILE
    if mode is Mode.LINK and change.hunks:
        reason = "a symlink in the tree; nothing is written through it"
        return Placed(change, source, refusal(change, Outcome.CONFLICT, reason))
    if change.new_mode is not None and (Mode(change.new_mode) is Mode.LINK) != (mode is Mode.LINK):
        is_link = mode is Mode.LINK
        reason = (
            f"it is {'a symlink' if is_link else 'a file'} in the tree, for the patch it is not"
        )
        return Placed(change, source, refusal(change, Outcome.CONFLICT, reason))
    text = Text(data, is_c=source.suffix in C_SUFFIXES)
    reports, landed = land(mended.readings, text, ladder)
    base = ""
    if history is not None and any(report.outcome is Outcome.CONFLICT for report in reports):
        found = find_base(history, source, mended.readings)
        if found is not None:
            base = named(found, history)
            reports, landed = land(mended.readings, text, (*EXACT_ONLY, ThreeWay(found)))
    report = replace(reported(change, reports, tree), base=base)
    rest = (tree.read(change.copy_of) or b"") if change.copy_of is not None else b""
    return Placed(change, source, report, text, mode, tuple(landed), rest)


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
        return {change.path: File(_joined(created), mode)}, _with_doubts(report, {1: told})
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


def reported(change: FileChange, hunks: list[HunkReport], tree: Tree) -> FileReport:
    """The file's report, made of those of its *hunks*; *tree* has it as it was."""
    outcome = _outcome(change, hunks, tree)
    deed, rejects = _deed(change, outcome), _rejects(change, hunks)
    return FileReport(change.path, outcome, tuple(hunks), deed, rejects)


def _refuse_through_symlink(path: PurePosixPath, tree: Tree) -> None:
    """Nothing is read or written through a folder that is a symlink: it may leave the tree.

    Raises:
        InputError: one of the folders above *path* is one.
    """
    for folder in path.parents:
        if tree.mode(folder) is Mode.LINK:
            raise InputError(f"{path}: passes through the symlink {folder} of {tree.name}")


def _created(change: FileChange, tree: Tree) -> Placed:
    path = change.path
    there = tree.read(path)
    lines = [line for hunk in change.hunks for line in hunk.lines]
    if there is None:
        hunks = tuple(
            HunkReport(number, Outcome.APPLIED, 1, How.EXACT, 1)
            for number, _ in enumerate(change.hunks, 1)
        )
        return Placed(change, path, FileReport(path, Outcome.APPLIED, hunks, "created"))
    lost = any(hunk.spacing is not Spacing.KEPT for hunk in change.hunks)
    same = there == _joined(lines) or (
        lost and Text(there).keys == tuple(key(line.text) for line in lines)
    )
    if not same:
        reason = "the patch creates it, and the tree has another file of that name"
        return Placed(change, path, refusal(change, Outcome.CONFLICT, reason))
    mode = tree.mode(path)
    if change.new_mode is not None and mode is not None and mode.value != change.new_mode:
        reason = f"the patch creates it with mode {change.new_mode}, the tree has {mode.value}"
        return Placed(change, path, refusal(change, Outcome.CONFLICT, reason))
    return Placed(change, path, refusal(change, Outcome.ALREADY, ""))


def _missing(change: FileChange, tree: Tree) -> Placed:
    """The file to change is not there: deleted or renamed already, or not of this tree."""
    source = change.old_path
    assert source is not None
    if change.new_path is None and next(iter(tree.paths(source.parent)), None) is not None:
        return Placed(change, source, refusal(change, Outcome.ALREADY, "is not there any more"))
    moved_to = change.new_path if change.new_path != source else None
    there = tree.read(moved_to) if moved_to is not None else None
    if there is not None:
        keys = Text(there).loose
        if all(keys.places([key(ln.text) for ln in hunk.new]) for hunk in change.hunks):
            return Placed(change, source, refusal(change, Outcome.ALREADY, "renamed already"))
    return Placed(change, source, refusal(change, Outcome.MISSING, "the tree has no such file"))


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
        told[number] = doubts(landed.hunk.lines, text.lines, law)
        last = landed.hunk.lines[-1]
        if at == len(text) and last.kind is not Kind.CONTEXT:
            newline = not landed.hunk.new or landed.hunk.new[-1].newline
    out += text.lines[at:]
    data = b"\n".join(out) + (b"\n" if out and newline else b"")
    return data, told, frozenset(restored)


def _joined(lines: list[Line]) -> bytes:
    return b"".join(line.text + (b"\n" if line.newline else b"") for line in lines)


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


def _rejects(change: FileChange, reports: list[HunkReport]) -> bytes:
    refused = {report.number for report in reports if report.outcome is Outcome.CONFLICT}
    hunks = tuple(h for number, h in enumerate(change.hunks, 1) if number in refused)
    return file_bytes(replace(change, hunks=hunks)) if hunks else b""
