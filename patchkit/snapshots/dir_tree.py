"""A plain folder as a Tree. Symlinks are leaves: nothing is ever read through one."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from patchkit.errors import HostError, InputError
from patchkit.host.files import reason
from patchkit.tree.base import ROOT, Mode

# O_NONBLOCK: a pipe put where a file was must not make open() wait for its writer.
FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
FOLDER = FLAGS | os.O_DIRECTORY
# An empty file in a folder that patchkit writes and that may be in the tree it is about.
OUTPUT = ".patchkit-output"


@dataclass(frozen=True, slots=True)
class DirTree:
    """The files below ``root`` as they are on disk now.

    ``.git`` is no part of it at any depth, nor are the staging folders of a patchkit that was
    killed, nor folders that hold OUTPUT: what patchkit made of the tree is no part of it either.
    ``label`` is a better name for people than the folder's.
    """

    root: Path
    label: str = ""

    @property
    def name(self) -> str:
        return self.label or str(self.root)

    def read(self, path: PurePosixPath) -> bytes | None:
        try:
            with self._folder_of(path) as folder:
                if folder is None:
                    return None
                return _bytes_of(path.name, folder)
        except OSError as error:
            raise HostError(f"{self.root / path}: can't be read: {reason(error)}") from error

    def mode(self, path: PurePosixPath) -> Mode | None:
        try:
            with self._folder_of(path) as folder:
                if folder is None:
                    return None
                found = os.stat(path.name, dir_fd=folder, follow_symlinks=False)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise HostError(f"{self.root / path}: can't be read: {reason(error)}") from error
        return _mode_of(found.st_mode)

    def paths(self, under: PurePosixPath = ROOT) -> Iterator[PurePosixPath]:
        if under == ROOT:
            yield from self._below("")
        elif self.mode(under) is not None:
            yield under
        else:
            with self._folder_of(under / "x") as folder:
                here = folder is not None
            if here:
                yield from self._below(f"{under}/")

    def _below(self, prefix: str) -> Iterator[PurePosixPath]:
        """The files below *prefix*, which ends in a slash where it is not empty."""
        # No recursion: a hostile tree may be deeper than Python's stack.
        stack = [(prefix, iter(self._entries(prefix)))]
        while stack:
            above, entries = stack[-1]
            entry = next(entries, None)
            if entry is None:
                stack.pop()
            elif entry.is_dir(follow_symlinks=False):
                if not _is_ours(entry.name):
                    deeper = f"{above}{entry.name}/"
                    stack.append((deeper, iter(self._entries(deeper))))
            elif entry.name != ".git" and (entry.is_symlink() or entry.is_file()):
                yield PurePosixPath(above + entry.name)

    def _entries(self, prefix: str) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(self.root / prefix) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except OSError as error:
            raise HostError(f"{self.root / prefix}: can't be listed: {reason(error)}") from error
        is_output = bool(prefix) and any(entry.name == OUTPUT for entry in entries)
        return [] if is_output else entries

    @contextlib.contextmanager
    def _folder_of(self, path: PurePosixPath) -> Iterator[int | None]:
        """The open folder that holds *path*, reached through real folders only, or None."""
        if path.is_absolute() or path == ROOT or not all(map(_is_plain, path.parts)):
            yield None
            return
        handle: int | None = os.open(self.root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            for part in path.parts[:-1]:
                above = handle
                handle = _step(part, above)
                if above is not None:
                    os.close(above)
                if handle is None:
                    break
            yield handle
        finally:
            if handle is not None:
                os.close(handle)


def dir_tree(folder: Path, *, label: str = "") -> DirTree:
    """The tree in *folder*.

    Raises:
        InputError: *folder* is no folder.
    """
    if not folder.is_dir():
        raise InputError(f"{folder}: no such folder; name one with --tree")
    return DirTree(folder, label)


def _is_plain(part: str) -> bool:
    return part not in ("..", ".git") and "\0" not in part


def _is_ours(name: str) -> bool:
    return name == ".git" or name.startswith(".patchkit-")


def _step(part: str, above: int | None) -> int | None:
    try:
        return os.open(part, FOLDER, dir_fd=above)
    # ENOTDIR is also what Linux says of a symlink that O_NOFOLLOW and O_DIRECTORY refuse.
    except (FileNotFoundError, NotADirectoryError):
        return None


def _bytes_of(name: str, folder: int) -> bytes | None:
    try:
        found = os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode
    except FileNotFoundError:
        return None
    if stat.S_ISLNK(found):
        return os.fsencode(os.readlink(name, dir_fd=folder))
    if not stat.S_ISREG(found):
        return None
    with os.fdopen(os.open(name, FLAGS, dir_fd=folder), "rb") as file:
        return file.read()


def _mode_of(found: int) -> Mode | None:
    if stat.S_ISLNK(found):
        return Mode.LINK
    if not stat.S_ISREG(found):
        return None
    return Mode.EXECUTABLE if found & stat.S_IXUSR else Mode.FILE
