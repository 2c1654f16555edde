"""Commits in the user's git tree: built beside the index first, then shown in one step.

Only plumbing is used, with hooks off: nothing that the repository names gets to run.
"""

from __future__ import annotations

import shutil
import stat
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from patchkit.errors import HostError, InputError
from patchkit.host.files import atomic_write, reason, scratch
from patchkit.host.signals import held
from patchkit.snapshots.commit_stream import Commit, Idents, commit_stream
from patchkit.snapshots.dir_tree import dir_tree
from patchkit.snapshots.git_tree import commit_of, git_tree
from patchkit.snapshots.git_work_tree import (
    WorkTree,
    check_committed,
    index_locked,
    index_path,
    work_tree,
)
from patchkit.snapshots.write import write_changes
from patchkit.tree.overlay import Changes, File

if TYPE_CHECKING:
    from git.exc import GitCommandError


def commit_changes(
    folder: Path,
    commits: Sequence[Commit],
    changes: Changes,
    expected: Mapping[PurePosixPath, bytes | None],
    *,
    before: Callable[[str, str], None] = lambda old, new: None,
) -> None:
    """Make *commits* on top of the branch that *folder*'s git tree is on, and write *changes*,
    their sum, into *folder*; *expected* as for ``write_changes``. On any failure branch, index
    and files are as they were. *before* is told the branch's commits, old and new, when the
    new one is made and nothing shows it.

    Raises:
        InputError: no git tree, no commit yet, or the files have uncommitted changes.
        HostError: git or the disk refuses, or another git is at work.
    """
    from git.exc import GitCommandError

    try:
        with scratch() as empty:
            tree = work_tree(folder, empty)
            old = commit_of(tree.git, "HEAD")
            if old is None:
                raise InputError(f"{folder}: no commit to build on; make one first")
            touched = {tree.prefix / path for commit in commits for path in commit.changes}
            seen = _content(index_path(tree))
            check_committed(tree, touched, old)
            new = made(tree, commits, old)
            before(old, new)
            with index_locked(tree, now="nothing was changed") as index:
                if _content(index) != seen:
                    check_committed(tree, touched, old)
                staged = staged_index(tree, new, touched, index)
                was = _as_it_is(folder, changes)
                # No Ctrl-C may fall between the files and the branch's showing them.
                with held(), ExitStack() as undo:
                    write_changes(folder, changes, expected)
                    undo.callback(write_changes, folder, was, _contents(changes))
                    tree.git.update_ref("-m", "patchkit apply", "HEAD", new, old)
                    undo.callback(tree.git.update_ref, "HEAD", old, new)
                    replace_index(index, staged)
                    undo.pop_all()
    except GitCommandError as error:
        raise HostError(f"{folder}: git: {what_git_said(error)}; nothing was changed") from error
    except OSError as error:
        raise HostError(f"{folder}: can't be written: {reason(error)}") from error


def what_git_said(error: GitCommandError) -> str:
    """The last line that git printed, out of GitPython's wrapping of it."""
    lines = str(error.stderr).strip().removeprefix("stderr: ").strip("'").split("\n")
    return lines[-1].strip() or "it failed and did not say why"


def _as_it_is(folder: Path, paths: Iterable[PurePosixPath]) -> Changes:
    """What would bring the files back that are there now."""
    disk = dir_tree(folder)
    found = ((path, disk.read(path), disk.mode(path)) for path in paths)
    return {
        path: None if data is None or mode is None else File(data, mode)
        for path, data, mode in found
    }


def _contents(changes: Changes) -> dict[PurePosixPath, bytes | None]:
    return {path: None if file is None else file.data for path, file in changes.items()}


def made(tree: WorkTree, commits: Sequence[Commit], parent: str) -> str:
    """The last of *commits*, all made upon *parent*; no branch shows them yet."""
    if not commits:
        return parent
    git = tree.git
    idents = Idents(str(git.var("GIT_AUTHOR_IDENT")), str(git.var("GIT_COMMITTER_IDENT")))
    stream = commit_stream(commits, parent, tree.prefix, idents)
    return fed(git.fast_import, "--quiet", "--date-format=raw", stdin=stream)


def _content(index: Path) -> bytes:
    return index.read_bytes() if index.exists() else b""


def staged_index(tree: WorkTree, commit: str, paths: Iterable[PurePosixPath], index: Path) -> bytes:
    """The *index* with *paths* (from the top) brought up to *commit*."""
    with scratch() as stage:
        staged = stage / "index"
        if index.exists():
            shutil.copyfile(index, staged)
        with tree.git.custom_environment(GIT_INDEX_FILE=str(staged)):
            rows = _index_rows(tree, commit, paths)
            fed(tree.git.update_index, "-z", "--index-info", stdin=rows)
        return staged.read_bytes()


def replace_index(index: Path, data: bytes) -> None:
    """Put *data* in the place of *index*, which is locked.

    Raises:
        HostError: the disk refuses; the index is as it was.
    """
    mode = stat.S_IMODE(index.stat().st_mode) if index.exists() else 0o644
    atomic_write(index, data, permissions=mode)


def _index_rows(tree: WorkTree, commit: str, paths: Iterable[PurePosixPath]) -> Iterator[bytes]:
    entries = git_tree(tree.top, commit).entries
    for path in paths:
        entry = entries.get(str(path))
        about = f"{entry.mode.value} {entry.blob}" if entry else f"0 {'0' * len(commit)}"
        yield f"{about}\t{path}\0".encode("utf-8", "surrogateescape")


def fed(command: Callable[..., object], *arguments: str, stdin: Iterable[bytes]) -> str:
    """Run a git command of GitPython's on *stdin*; what it prints."""
    with tempfile.TemporaryFile() as file:
        file.writelines(stdin)
        file.seek(0)
        return str(command(*arguments, istream=file))
