"""The user's git work tree: where it is, whether files are as committed, its index under lock."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from patchkit.errors import HostError, InputError
from patchkit.host.files import reason
from patchkit.snapshots.dir_tree import dir_tree
from patchkit.snapshots.git_tree import git_tree, repository_git
from patchkit.tree.base import ROOT

if TYPE_CHECKING:
    from git.cmd import Git


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


@dataclass(slots=True)
class LockedIndex:
    """git's index while nobody else may change it: ``lock`` becomes the new one."""

    path: Path
    lock: Path
    is_held: bool = True

    def replace(self, data: bytes) -> None:
        """Put *data* in the place of the index, and let go of it.

        Raises:
            OSError: the disk refuses; the index is as it was.
        """
        with self.lock.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
            os.fchmod(file.fileno(), stat.S_IMODE(self.path.stat().st_mode))
        self.lock.replace(self.path)
        self.is_held = False


@contextlib.contextmanager
def index_locked(tree: WorkTree) -> Iterator[LockedIndex]:
    """Hold the index of *tree* as git itself does, by making ``index.lock``.

    Raises:
        HostError: another git holds it, or it can't be made.
    """
    path = Path(str(tree.git.rev_parse("--git-path", "index")))
    lock = path.with_name(path.name + ".lock")
    try:
        os.close(os.open(lock, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666))
    except FileExistsError as error:
        raise HostError(
            f"{lock}: another git is at work here, or one was killed (then remove this file); "
            "nothing was changed"
        ) from error
    except OSError as error:
        raise HostError(f"{lock}: can't be written: {reason(error)}") from error
    index = LockedIndex(path, lock)
    try:
        yield index
    finally:
        if index.is_held:
            lock.unlink(missing_ok=True)
