"""One patch of a stack to a tree, on the result of those before it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from patchkit.flows.apply.recall import recalled
from patchkit.flows.intake.extract_mail import Extracted
from patchkit.history.version import History
from patchkit.patch.model import FileChange
from patchkit.port.causes import with_causes
from patchkit.port.escapes import as_the_tree_has
from patchkit.port.ladder.table import ADAPTING, Ladder
from patchkit.port.outcome import FileReport, Outcome, PatchReport
from patchkit.port.patch import port
from patchkit.port.taken_back import taken_back
from patchkit.repair.mend import MendedFile
from patchkit.snapshots.paths import check_link
from patchkit.stack.memory import Memory
from patchkit.tree.base import Mode, Tree
from patchkit.tree.overlay import Changes, Overlay


@dataclass(frozen=True, slots=True)
class Means:
    """How patches are carried: taken back or put on, how far hunks may be adapted, where the
    bases of files are found, and what is known of earlier conflicts."""

    reverse: bool = False
    ladder: Ladder = ADAPTING
    history: History | None = None
    memory: Memory | None = None


@dataclass(frozen=True, slots=True)
class Carried:
    """A patch, in the direction in which it was carried, and what became of it."""

    patch: Extracted
    files: tuple[MendedFile, ...]
    report: PatchReport
    changes: Changes

    @property
    def title(self) -> str:
        """What people call the patch."""
        return self.report.head.subject or self.report.source

    def pairs(self) -> Iterator[tuple[FileChange, FileReport]]:
        """Each file's change with its report."""
        yield from zip((file.change for file in self.files), self.report.files, strict=True)


def carry(one: Extracted, tree: Tree, means: Means) -> Carried:
    """Carry *one* to *tree*; nothing is written.

    Raises:
        InputError: it names a file outside the tree, in a symlink too.
    """
    mended = taken_back(one.mended) if means.reverse else one.mended
    mended = as_the_tree_has(mended, tree)
    ported = port(
        mended,
        tree,
        ladder=means.ladder,
        history=means.history,
        head=one.patch.head,
        source=one.message.source,
    )
    _check_links(ported.changes)
    report = ported.report
    if means.history is not None:
        report = with_causes(report, mended, tree, means.history)
    carried = Carried(one, mended.files, report, ported.changes)
    if means.memory is None or report.outcome is not Outcome.CONFLICT:
        return carried
    return _recalled(carried, tree, means.memory)


def _recalled(carried: Carried, tree: Tree, memory: Memory) -> Carried:
    """*carried* with those files resolved that a person resolved before."""
    landed = Overlay(tree, carried.changes)
    changes = dict(carried.changes)
    reports = []
    for mended, file in zip(carried.files, carried.report.files, strict=True):
        found = recalled(mended, file, landed, memory)
        if found is not None and found[1] is not None:
            changes[file.path] = found[1]
        reports.append(file if found is None else found[0])
    report = replace(carried.report, files=tuple(reports))
    return replace(carried, report=report, changes=changes)


def _check_links(changes: Changes) -> None:
    """Refuse a symlink out of the tree even where nothing is written: --check must not bless it."""
    for path, file in changes.items():
        if file is not None and file.mode is Mode.LINK:
            check_link(path, file.data)
