"""The user's git work tree: where it is, whether files are as committed, its index under lock."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from patchkit.errors import HostError, InputError
from patchkit.host.files import locked, reason, scratch
from patchkit.snapshots.dir_tree import dir_tree
from patchkit.snapshots.git_tree import git_tree, repository_git
from patchkit.tree.base import ROOT

if TYPE_CHECKING:
    from git.cmd import Git

# What stands in an index.lock of ours.
OURS = b"patchkit\n"


@dataclass(frozen=True, slots=True)
class WorkTree:
    """A git work tree; ``prefix`` is the path below ``top`` of the folder that was named.

    ``git`` runs in an empty folder and takes that for the files: where an index is written in
    the same moment as a file, git compares the two, by the filters that the config names.
    """

    git: Git
    top: Path
    prefix: PurePosixPath


def work_tree(folder: Path, empty: Path) -> WorkTree:
    """The git work tree that *folder* is, or is a folder of; *empty* is where git is to run.

    Raises:
        InputError: it is in none.
    """
    here = folder.resolve()
    for top in (here, *here.parents):
        if (top / ".git").exists():
            git = repository_git(top, at=empty)
            git.update_environment(GIT_WORK_TREE=str(empty))
            return WorkTree(git, top, PurePosixPath(here.relative_to(top)))
    raise InputError(f"{folder}: in no git repository; leave out --commit, or make one first")


def check_committed(tree: WorkTree, paths: Iterable[PurePosixPath], commit: str) -> None:
    """Refuse *paths* (from the top) that are not, on disk and in the index, as *commit* has them.

    Not by ``git status``: to compare, it runs the filters that the repository's config names.

    Raises:
        InputError: one of them differs, or is in a repository within this one.
    """
    head, disk, staged = git_tree(tree.top, commit), dir_tree(tree.top), _staged(tree.git)
    for path in paths:
        if any((tree.top / above / ".git").exists() for above in path.parents if above != ROOT):
            raise InputError(f"{tree.top / path}: is in another git repository; name that one")
        entry = head.entries.get(str(path))
        wanted = f"{entry.mode.value} {entry.blob} 0" if entry is not None else None
        is_clean = staged.get(str(path)) == wanted and disk.mode(path) == head.mode(path)
        if not is_clean or disk.read(path) != head.read(path):
            raise InputError(f"{tree.top / path}: is not as the last commit has it; commit first")


def _staged(git: Git) -> dict[str, str]:
    """Mode, blob and stage of the index's entries, by path."""
    listing: bytes = git.ls_files("--stage", "-z", stdout_as_string=False)
    rows = (line.partition(b"\t") for line in listing.split(b"\0"))
    return {
        path.decode(errors="surrogateescape"): about.decode() for about, tab, path in rows if tab
    }


def index_path(tree: WorkTree) -> Path:
    """Where the index of *tree* is."""
    return Path(str(tree.git.rev_parse("--git-path", "index")))


@contextlib.contextmanager
def index_locked(tree: WorkTree, *, now: str) -> Iterator[Path]:
    """Hold the index of *tree*, whose path this gives, as git itself does: ``index.lock`` is there.
    One that a patchkit left when it was killed says whose it was, and nobody holds it: it goes.
    *now* is how things are without the lock, for a message.

    Raises:
        HostError: another git holds it, or it can't be made.
    """
    path = index_path(tree)
    lock = path.with_name(path.name + ".lock")
    busy = f"{lock}: another git is at work here, or one was killed (then remove this file); {now}"
    _drop_left_over(lock, busy)
    with scratch(path.parent) as stage:
        ours = stage / "lock"
        ours.write_bytes(OURS)
        with locked(ours, busy=busy):
            try:
                os.link(ours, lock)
            except FileExistsError as error:
                raise HostError(busy) from error
            except OSError as error:
                raise HostError(f"{lock}: can't be written: {reason(error)}") from error
            try:
                yield path
            finally:
                lock.unlink(missing_ok=True)


def _drop_left_over(lock: Path, busy: str) -> None:
    if lock.is_symlink() or not lock.is_file():
        return
    with lock.open("rb") as file:
        is_ours = file.read(len(OURS) + 1) == OURS
    if is_ours:
        with locked(lock, busy=busy):
            lock.unlink(missing_ok=True)
