"""Commits in the user's git tree: built beside the index first, then shown in one step.

Only plumbing is used, with hooks off: nothing that the repository names gets to run.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from patchkit.errors import HostError, InputError
from patchkit.host.files import reason, scratch
from patchkit.host.signals import held
from patchkit.snapshots.dir_tree import dir_tree
from patchkit.snapshots.git_tree import commit_of
from patchkit.snapshots.git_work_tree import WorkTree, check_committed, index_locked, work_tree
from patchkit.snapshots.write import write_changes
from patchkit.tree.overlay import Changes, File

if TYPE_CHECKING:
    from git.cmd import Git
    from git.exc import GitCommandError

NO_OBJECT = "0" * 40


class Commit(NamedTuple):
    """What to commit: a message's parts (a trailer may have no key), who wrote it when (any form
    that git reads; empty for now and the user), and the changes."""

    subject: str
    message: str
    trailers: tuple[tuple[str, str], ...]
    changes: Changes
    author: tuple[str, str] = ("", "")
    date: str = ""

    def text(self) -> str:
        """The whole message."""
        trailers = "\n".join(f"{key}: {value}" if key else value for key, value in self.trailers)
        return "\n\n".join(part for part in (self.subject, self.message.strip(), trailers) if part)


def commit_changes(
    folder: Path,
    commits: Sequence[Commit],
    changes: Changes,
    expected: Mapping[PurePosixPath, bytes | None],
) -> None:
    """Make *commits* on top of the branch that *folder*'s git tree is on, and write *changes*,
    their sum, into *folder*; *expected* as for ``write_changes``. On any failure branch, index
    and files are as they were.

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
            with index_locked(tree) as index:
                touched = {tree.prefix / path for commit in commits for path in commit.changes}
                check_committed(tree, touched, old)
                new, staged = made(tree, commits, old, index.path)
                before = _as_it_is(folder, changes)
                # No Ctrl-C may fall between the files and the branch's showing them.
                with held(), ExitStack() as undo:
                    write_changes(folder, changes, expected)
                    undo.callback(write_changes, folder, before, _contents(changes))
                    tree.git.update_ref("-m", "patchkit apply", "HEAD", new, old)
                    undo.callback(tree.git.update_ref, "HEAD", old, new)
                    index.replace(staged)
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


def made(tree: WorkTree, commits: Sequence[Commit], parent: str, index: Path) -> tuple[str, bytes]:
    """The last of *commits*, all made, and the *index* with their files brought up to it."""
    git, new = tree.git, parent
    rows: dict[PurePosixPath, bytes] = {}
    with scratch() as stage:
        with git.custom_environment(GIT_INDEX_FILE=str(stage / "commits")):
            git.read_tree(parent)
            for commit in commits:
                of_commit = dict(_rows(tree, commit.changes))
                new = _one_made(git, commit, new, of_commit.values())
                rows |= of_commit
        staged = stage / "index"
        if index.exists():
            shutil.copyfile(index, staged)
        with git.custom_environment(GIT_INDEX_FILE=str(staged)):
            fed(git.update_index, "-z", "--index-info", stdin=b"".join(rows.values()))
        return new, staged.read_bytes()


def fed(command: Callable[..., object], *arguments: str, stdin: bytes, **options: object) -> str:
    """Run a git command of GitPython's on *stdin*; what it prints."""
    with tempfile.TemporaryFile() as file:
        file.write(stdin)
        file.seek(0)
        return str(command(*arguments, istream=file, **options))


def _rows(tree: WorkTree, changes: Changes) -> Iterator[tuple[PurePosixPath, bytes]]:
    """The lines that tell git's index of *changes*, their blobs stored."""
    for path, file in changes.items():
        name = str(tree.prefix / path).encode("utf-8", "surrogateescape")
        if file is None:
            yield path, b"0 %s\t%s\0" % (NO_OBJECT.encode(), name)
            continue
        blob = fed(tree.git.hash_object, "-w", "--stdin", "--no-filters", stdin=file.data)
        yield path, b"%s %s\t%s\0" % (file.mode.value.encode(), blob.encode(), name)


def _one_made(git: Git, commit: Commit, parent: str, rows: Iterable[bytes]) -> str:
    fed(git.update_index, "-z", "--index-info", stdin=b"".join(rows))
    tree = git.write_tree()
    author, email = commit.author
    env: dict[str, str] = {}
    if author:
        env |= {"GIT_AUTHOR_NAME": author, "GIT_AUTHOR_EMAIL": email or "unknown"}
    if commit.date:
        env["GIT_AUTHOR_DATE"] = commit.date
    text = commit.text().encode("utf-8", "replace") + b"\n"
    return fed(git.commit_tree, tree, "-p", parent, "-F", "-", stdin=text, env=env)
