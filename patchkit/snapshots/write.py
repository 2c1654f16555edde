"""Trees and changes onto the disk: all of it or nothing."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path, PurePosixPath

from patchkit.errors import HostError, InputError
from patchkit.host.files import locked, reason, scratch
from patchkit.host.signals import held
from patchkit.snapshots.dir_tree import dir_tree
from patchkit.snapshots.new_tree import NewTree
from patchkit.snapshots.paths import check_path
from patchkit.tree.base import Mode, Tree
from patchkit.tree.overlay import Changes


def write_changes(
    root: Path, changes: Changes, expected: Mapping[PurePosixPath, bytes | None]
) -> None:
    """Write *changes* into the folder *root*; on any failure, Ctrl-C too, it is as it was.

    *expected* has, for every path of *changes* (and any other that counts), the bytes that the
    file had when the changes were worked out; None for a file that was not there.

    Raises:
        InputError: a path or a symlink would leave the tree.
        HostError: another patchkit writes there, a file is not as expected, a folder on the way
            is a symlink, or the disk refuses.
    """
    if missing := changes.keys() - expected.keys():
        raise ValueError(f"nothing is expected of {sorted(missing)[0]}")
    _check(changes)
    busy = f"{root}: another patchkit is writing here; run this again when it has finished"
    with locked(root, busy=busy):
        _compare(root, expected)
        _check_folders(root, changes)
        try:
            _replace(root, changes)
        except OSError as error:
            raise HostError(
                f"{root}: can't be written: {reason(error)}; nothing was changed"
            ) from error


def write_tree(tree: Tree, folder: Path) -> None:
    """Write the whole of *tree* into *folder*, which is made, or is empty.

    Raises:
        InputError: *folder* has something in it, or *tree* holds a path that would leave it.
        HostError: the disk refuses; *folder* is as it was.
    """
    try:
        if folder.is_symlink() or (folder.exists() and any(folder.iterdir())):
            raise InputError(f"{folder}: is not empty; name a new folder")
        with scratch(folder.absolute().parent) as stage:
            whole = stage / "tree"
            whole.mkdir()
            NewTree(whole).add_all(tree)
            whole.replace(folder)
    except OSError as error:
        raise HostError(f"{folder}: can't be written: {reason(error)}") from error


def drop_staged(root: Path) -> None:
    """Take away the staging folders in *root* of a patchkit that was killed."""
    busy = f"{root}: another patchkit is writing here; run this again when it has finished"
    with locked(root, busy=busy):
        for folder in root.glob(".patchkit-????????"):
            if folder.is_dir() and not folder.is_symlink():
                shutil.rmtree(folder, ignore_errors=True)


def _check(changes: Changes) -> None:
    files = {path for path, file in changes.items() if file is not None}
    for path in changes:
        check_path(path)
        if path in files and (above := files.intersection(path.parents)):
            raise InputError(f"{path}: its folder {above.pop()} would be a file")


def _compare(root: Path, expected: Mapping[PurePosixPath, bytes | None]) -> None:
    tree = dir_tree(root)
    for path, content in expected.items():
        if tree.read(path) != content:
            raise HostError(
                f"{root / path}: changed while patchkit worked; nothing was written, run it again"
            )


def _check_folders(root: Path, changes: Changes) -> None:
    """Nothing is written through a symlink, or into a folder that is a file and stays one."""
    going = {path for path, file in changes.items() if file is None}
    for folder in {folder for path in changes for folder in path.parents} - going:
        try:
            found = (root / folder).lstat().st_mode
        except (FileNotFoundError, NotADirectoryError):
            continue
        if stat.S_ISLNK(found) and folder != PurePosixPath("."):
            raise HostError(f"{root / folder}: is a symlink, and nothing is written through one")
        if not stat.S_ISDIR(found) and folder != PurePosixPath("."):
            raise HostError(f"{root / folder}: is a file where a folder is needed")


def _replace(root: Path, changes: Changes) -> None:
    """Stage everything that can fail for want of room first; then only rename."""
    with scratch(root) as stage:
        old = {}
        for number, path in enumerate(changes):
            target = root / path
            if target.is_symlink() or target.is_file():
                old[path] = _second_name(target, stage / str(number))
        new = _staged(root, changes, stage / "new")
        # The renames take milliseconds; half of them would be a wreck.
        with held(), ExitStack() as undo:
            for path, kept in old.items():
                undo.callback(kept.replace, root / path)
            for path in old.keys() - new.keys():
                (root / path).unlink()
                _drop_empty_folders(root, path, undo)
            for path, staged in new.items():
                _make_folders(root, path, undo)
                if path not in old:
                    undo.callback((root / path).unlink, missing_ok=True)
                staged.rename(root / path)
            undo.pop_all()


def _second_name(target: Path, name: Path) -> Path:
    """Give what is at *target* another *name* too, from which it can be put back."""
    try:
        os.link(target, name, follow_symlinks=False)
    except OSError:  # a file system without hard links
        shutil.copy2(target, name, follow_symlinks=False)
    return name


def _staged(root: Path, changes: Changes, folder: Path) -> dict[PurePosixPath, Path]:
    """The new files, in *folder*, with the permissions of those that they replace."""
    folder.mkdir()
    tree, staged = NewTree(folder), {}
    for path, file in changes.items():
        if file is None:
            continue
        tree.add(path, file)
        target, staged[path] = root / path, folder / path
        if file.mode is not Mode.LINK and target.is_file() and not target.is_symlink():
            staged[path].chmod(_permissions(target.stat().st_mode, file.mode))
    return staged


def _permissions(old: int, mode: Mode) -> int:
    """The *old* bits; where *mode* changes what git sees of them, whoever may read may run."""
    bits = old & 0o777
    if mode is Mode.FILE:
        return bits & ~0o111 if bits & 0o100 else bits
    return bits if bits & 0o100 else bits | (bits & 0o444) >> 2


def _make_folders(root: Path, path: PurePosixPath, undo: ExitStack) -> None:
    for above in reversed(path.parents[:-1]):
        folder = root / above
        if not folder.is_dir():
            folder.mkdir()
            undo.callback(folder.rmdir)


def _drop_empty_folders(root: Path, path: PurePosixPath, undo: ExitStack) -> None:
    """A folder without files is none to git, nor to diff."""
    for above in path.parents[:-1]:
        folder = root / above
        if not folder.is_dir() or any(folder.iterdir()):
            return
        permissions = folder.stat().st_mode & 0o7777
        folder.rmdir()
        undo.callback(folder.mkdir, permissions)
