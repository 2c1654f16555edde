"""Writes that are there whole or not at all, scratch folders, and locks."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from patchkit.errors import HostError
from patchkit.host.process import run


class Busy(HostError):
    """Another process holds a lock."""


def reason(error: OSError) -> str:
    """*error* in a few words for a message's end, naming no errno."""
    return (error.strerror or str(error)).lower()


def atomic_write(path: Path, data: bytes | Iterable[bytes], *, permissions: int = 0o644) -> None:
    """Write *data*, whole or in pieces, to *path*, so that a reader, or a crash, sees the old file
    or the new one.

    Raises:
        HostError: it can't be written; *path* is as it was.
    """
    staged: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".patchkit-", dir=path.parent)
        staged = Path(name)
        with os.fdopen(handle, "wb") as file:
            file.writelines((data,) if isinstance(data, bytes) else data)
            file.flush()
            os.fsync(file.fileno())
            os.fchmod(file.fileno(), permissions)
        staged.replace(path)
    except OSError as error:
        raise HostError(f"{path}: can't be written: {reason(error)}") from error
    finally:
        if staged is not None:
            staged.unlink(missing_ok=True)


@contextlib.contextmanager
def scratch(parent: Path | None = None) -> Iterator[Path]:
    """A folder that is gone afterwards, whatever happens; below *parent* where a rename out of
    it must stay on one file system. Only where a program left something mounted in it, it stays:
    what is removed there would be removed from what is mounted."""
    if parent is not None:
        parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=".patchkit-", dir=parent))
    try:
        yield folder
    finally:
        if not _mounted_below(folder):
            shutil.rmtree(folder, ignore_errors=True)


def regular_files(top: Path) -> Iterator[Path]:
    """Every regular file below *top*, through no link, however deep."""
    folders = [top] if top.is_dir() else []
    while folders:
        with os.scandir(folders.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    folders.append(Path(entry.path))
                elif entry.is_file(follow_symlinks=False):
                    yield Path(entry.path)


def remove_folder(folder: Path) -> None:
    """Remove *folder* and all below it, as far as that can be done."""
    try:
        shutil.rmtree(folder, ignore_errors=True)
    except RecursionError:
        # a hostile build made it deeper than Python's stack; rm needs none
        run(("rm", "-rf", "--", str(folder)), timeout=600)


def _mounted_below(folder: Path) -> bool:
    try:
        mounts = Path("/proc/self/mountinfo").read_bytes().split(b"\n")
    except OSError:
        return False
    inside = bytes(folder.resolve()) + b"/"
    return any(line.split(b" ")[4].startswith(inside) for line in mounts if line)


@contextlib.contextmanager
def locked(path: Path, *, busy: str, wait: bool = False) -> Iterator[None]:
    """Hold the exclusive lock of *path*, a folder or a file that exists; nothing is written.

    Raises:
        Busy: another process holds it and *wait* is False; its message is *busy*.
        HostError: *path* can't be opened.
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError as error:
        raise HostError(f"{path}: can't be opened: {reason(error)}") from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError as error:
            raise Busy(busy) from error
        yield
    finally:
        os.close(handle)
