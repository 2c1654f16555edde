"""One file of a patch as it meets a target and a history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import NamedTuple

from patchkit.csource.items import Item, items
from patchkit.history.version import History, Searchable
from patchkit.inspect.inspection import FileView, HunkView, Symbol
from patchkit.inspect.symbols import is_c, touched, touched_at
from patchkit.inspect.upstream import FilePast, upstream
from patchkit.patch.model import FileChange, Hunk, Kind
from patchkit.port.outcome import FileReport, HunkReport, Outcome
from patchkit.tree.base import Tree


class Pasts(NamedTuple):
    """``whole`` is all that a repository has; ``target`` the history of the target alone, None
    where the target has none."""

    whole: Searchable
    target: History | None


@dataclass(slots=True)
class PastFiles:
    """The pasts of files, each read once for all patches of a run."""

    pasts: Pasts
    _files: dict[PurePosixPath, FilePast] = field(default_factory=dict)
    _ancestors: dict[PurePosixPath, frozenset[str]] = field(default_factory=dict)

    def file(self, path: PurePosixPath) -> FilePast:
        if path not in self._files:
            self._files[path] = FilePast(path, self.pasts.whole)
        return self._files[path]

    def ancestors(self, path: PurePosixPath) -> frozenset[str] | None:
        """The commits to *path* that the target has; None where that is not known."""
        if self.pasts.target is None:
            return None
        if path not in self._ancestors:
            commits = (version.commit for version in self.pasts.target.changes(path))
            self._ancestors[path] = frozenset(commits)
        return self._ancestors[path]


def text_of(change: FileChange, tree: Tree, past: PastFiles | None) -> bytes | None:
    """The text that *change* is made to: the tree's; of a file that it lacks the one that the
    hunks fit, so that what is missing besides can be told. None where there is none."""
    if change.old_path is None:
        return b""
    found = tree.read(change.old_path)
    if found is None and past is not None:
        found = past.file(change.old_path).base(change.hunks)
    return found


def file_view(
    change: FileChange, report: FileReport | None, tree: Tree | None, past: PastFiles | None
) -> FileView:
    """*change*, with what *report* says would become of it in *tree*, and who made it before."""
    path = report.path if report is not None else change.path
    # The report's path is the one of several spellings that the tree has.
    source = path if change.old_path == change.new_path else change.old_path or path
    data = tree.read(source) if tree is not None and is_c(source) else None
    tops = items(data) if data is not None else ()
    landings = {hunk.number: hunk for hunk in report.hunks} if report is not None else {}
    views = [
        _hunk(number, hunk, landings.get(number), tops if is_c(source) else None)
        for number, hunk in enumerate(change.hunks, 1)
    ]
    if past is not None:
        views = _with_upstream(views, change.hunks, source, past)
    return FileView(path, change.old_path, _kind(change), tuple(views))


def _with_upstream(
    views: Sequence[HunkView], hunks: Sequence[Hunk], path: PurePosixPath, past: PastFiles
) -> list[HunkView]:
    of_file, ancestors = past.file(path), past.ancestors(path)
    whole = past.pasts.whole
    return [
        replace(view, upstream=upstream(hunk, of_file, whole, ancestors))
        for view, hunk in zip(views, hunks, strict=True)
    ]


def _hunk(
    number: int, hunk: Hunk, landing: HunkReport | None, tops: Sequence[Item] | None
) -> HunkView:
    """*tops* are the target's items; None for a file that is no C."""
    touches: tuple[Symbol, ...] = ()
    if tops is not None and landing is not None and landing.line is not None:
        is_new = landing.outcome is Outcome.ALREADY
        touches = touched_at(hunk, tops, landing.line, is_new=is_new)
    elif tops is not None:
        touches = touched(hunk)
    added, removed = (
        sum(line.kind is kind for line in hunk.lines) for kind in (Kind.ADDED, Kind.REMOVED)
    )
    section = hunk.section.decode("utf-8", "backslashreplace")
    return HunkView(number, hunk.old_start, section, added, removed, touches, landing)


def _kind(change: FileChange) -> str:
    if change.old_path is None:
        return "created"
    if change.new_path is None:
        return "deleted"
    if change.old_path != change.new_path:
        return "copied" if change.is_copy else "renamed"
    return "modified" if change.hunks else "mode"
