"""One file of a patch: found in the tree, its hunks landed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from patchkit.errors import InputError
from patchkit.history.version import History
from patchkit.patch.model import FileChange, Spacing
from patchkit.port.file_report import refusal, reported
from patchkit.port.hunks import land
from patchkit.port.judge.evidence import C_SUFFIXES
from patchkit.port.ladder.table import EXACT_ONLY, Ladder
from patchkit.port.ladder.three_way import ThreeWay
from patchkit.port.merge.base import find_base, named
from patchkit.port.naming import resolve
from patchkit.port.outcome import FileReport, How, HunkReport, Outcome
from patchkit.port.spacing.laws import Pair
from patchkit.port.spacing.restore import Landed, pairs
from patchkit.port.text import Text, joined, key
from patchkit.repair.mend import MendedFile
from patchkit.tree.base import Mode, Tree


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
    same = there == joined(lines) or (
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
