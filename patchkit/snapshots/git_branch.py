"""The branch that the user's git tree is on, moved in steps that can be made up for after a crash:
commits are objects first, which nobody sees, and showing them can be done again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from patchkit.errors import HostError, InputError
from patchkit.host.files import scratch
from patchkit.snapshots.commit_stream import Commit
from patchkit.snapshots.git_commit import made, replace_index, staged_index, what_git_said
from patchkit.snapshots.git_tree import commit_of, git_tree
from patchkit.snapshots.git_work_tree import check_committed, index_locked, work_tree
from patchkit.tree.overlay import Changes, file_of


class Prepared(NamedTuple):
    """Commits that are made and that no branch shows yet: the last one, and what it builds on."""

    old: str
    new: str


def prepare(
    folder: Path, commits: Sequence[Commit], *, theirs: Iterable[PurePosixPath] = ()
) -> Prepared:
    """Make *commits* on top of the branch that *folder* is on. Of their files, *theirs* may have
    changes of the user's own.

    Raises:
        InputError: no git tree, no commit yet, or the files have uncommitted changes.
        HostError: git refuses.
    """
    from git.exc import GitCommandError

    refuse_unclean(folder, {path for commit in commits for path in commit.changes} - {*theirs})
    try:
        with scratch() as empty:
            tree = work_tree(folder, empty)
            old = str(tree.git.rev_parse("--verify", "HEAD^{commit}"))
            new = made(tree, commits, old)
    except GitCommandError as error:
        raise HostError(f"{folder}: git: {what_git_said(error)}; nothing was changed") from error
    return Prepared(old, new)


def refuse_unclean(folder: Path, paths: Iterable[PurePosixPath]) -> None:
    """Refuse *paths*, below *folder*, that are not as the last commit has them.

    Raises:
        InputError: one of them differs, there is no commit yet, or no git tree.
    """
    with scratch() as empty:
        tree = work_tree(folder, empty)
        head = commit_of(tree.git, "HEAD")
        if head is None:
            raise InputError(f"{folder}: no commit to build on; make one first")
        check_committed(tree, [tree.prefix / path for path in paths], head)


def move_branch(folder: Path, heads: tuple[str, str], paths: Iterable[PurePosixPath]) -> None:
    """Let the branch that *folder* is on go from one commit to the other of *heads*, if it has
    not yet, and git's index of *paths* with it; the files are there already.

    Raises:
        HostError: the branch is at a third commit, or git refuses.
    """
    from git.exc import GitCommandError

    old, new = heads
    try:
        with scratch() as empty:
            tree = work_tree(folder, empty)
            with index_locked(tree, now="'patchkit apply --continue' goes on then") as index:
                if commit_of(tree.git, "HEAD") != new:
                    tree.git.update_ref("-m", "patchkit apply", "HEAD", new, old)
                touched = [tree.prefix / path for path in paths]
                replace_index(index, staged_index(tree, new, touched, index))
    except GitCommandError as error:
        raise HostError(
            f"{folder}: git: {what_git_said(error)}; has the branch moved meanwhile?"
        ) from error


def branch_head(folder: Path) -> str:
    """The commit that *folder* is at; empty where it is in no git tree, or has no commit."""
    with scratch() as empty:
        try:
            return commit_of(work_tree(folder, empty).git, "HEAD") or ""
        except InputError:
            return ""


def committed(folder: Path, commit: str, paths: Iterable[PurePosixPath]) -> Changes:
    """The files *paths*, below *folder*, as *commit* has them."""
    with scratch() as empty:
        tree = work_tree(folder, empty)
    head = git_tree(tree.top, commit)
    return {path: file_of(head, tree.prefix / path) for path in paths}


def staged_paths(folder: Path) -> tuple[PurePosixPath, ...]:
    """The files below *folder* that the user has staged (``git add``)."""
    with scratch() as empty:
        tree = work_tree(folder, empty)
        listing: bytes = tree.git.diff_index(
            "--cached", "--name-only", "--no-renames", "-z", "HEAD", stdout_as_string=False
        )
    found = (name.decode(errors="surrogateescape") for name in listing.split(b"\0") if name)
    names = [PurePosixPath(name) for name in found]
    return tuple(
        name.relative_to(tree.prefix) for name in names if name.is_relative_to(tree.prefix)
    )
