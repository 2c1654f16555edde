"""A tarball's files, read as a stream. Whoever made it may have meant harm."""

from __future__ import annotations

import bz2
import contextlib
import gzip
import io
import lzma
import os
import re
import tarfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import IO

from patchkit.errors import HostError, InputError
from patchkit.host.files import reason
from patchkit.snapshots.dir_tree import DirTree
from patchkit.snapshots.new_tree import NewTree
from patchkit.snapshots.progress import Progress, silent
from patchkit.tree.base import Mode
from patchkit.tree.overlay import File

# By the first bytes, for names lie.
MAGIC: Mapping[bytes, Callable[[IO[bytes]], io.BufferedIOBase]] = {
    b"\x1f\x8b": lambda packed: gzip.GzipFile(fileobj=packed),
    b"BZh": bz2.BZ2File,
    b"\xfd7zXZ\x00": lzma.LZMAFile,
}

# Linux 6.x is 1.5 GB in 90,000 files, its largest below 30 MB.
ALL_BYTES = 4 << 30
FILE_BYTES = 128 << 20
FILES = 500_000
# tarfile reads a member's extended headers into memory, as long as they say they are.
HEADER_BYTES = 1 << 20
DAMAGE = (tarfile.TarError, EOFError, zlib.error, lzma.LZMAError)


def extract(
    tarball: Path, into: NewTree, *, limit: int = ALL_BYTES, progress: Progress = silent
) -> None:
    """Write every file and symlink of *tarball*, which may unpack to *limit* bytes. Progress is
    told in bytes of the packed file.

    Raises:
        InputError: it is no gzip, bzip2 or xz tarball, is damaged, or holds what no kernel does:
            devices, absolute paths, ``..``, links to what is not in it, or endless data.
        HostError: it can't be read, or its files can't be written.
    """
    with _faults(tarball), tarball.open("rb") as packed:
        size = tarball.stat().st_size
        _extract(
            Unpacked(unpacked(packed), limit),
            into,
            lambda: progress(f"unpacking {tarball.name}", packed.tell(), size),
        )


def unpack(packed: Path, limit: int) -> bytes:
    """What is in the file *packed*, which need not be packed, and may unpack to *limit* bytes.

    Raises:
        InputError: it is damaged, or has more.
        HostError: it can't be read.
    """
    with _faults(packed), packed.open("rb") as file:
        stream = _stream(file, limit)
        return b"".join(iter(lambda: stream.take(HEADER_BYTES), b""))


def is_patch(packed: Path) -> bool:
    """Whether the file *packed*, which need not be packed, holds a diff and no tar archive.

    Raises:
        InputError: it is damaged at its beginning.
        HostError: it can't be read.
    """
    with _faults(packed), packed.open("rb") as file:
        start = _stream(file, ALL_BYTES).take(1 << 16)
    try:
        tarfile.TarInfo.frombuf(start[: tarfile.BLOCKSIZE], "utf-8", "surrogateescape")
    except tarfile.HeaderError:
        return re.search(rb"^(?:diff |--- |Index: )", start, re.MULTILINE) is not None
    return False


@contextlib.contextmanager
def _faults(tarball: Path) -> Iterator[None]:
    try:
        yield
    except InputError as error:
        raise InputError(f"{tarball}: {error}") from error
    except DAMAGE as error:
        raise InputError(f"{tarball}: truncated or damaged; get it again") from error
    except OSError as error:
        if error.errno is None:  # gzip and bz2 raise it for data that they can't unpack
            raise InputError(f"{tarball}: truncated or damaged; get it again") from error
        raise HostError(f"{tarball}: can't be unpacked: {reason(error)}") from error


def _stream(file: IO[bytes], limit: int) -> Unpacked:
    """*file*, which may be packed."""
    start = file.read(6)
    file.seek(0)
    return Unpacked(unpacked(file) if start.startswith(tuple(MAGIC)) else file, limit)


def unpacked(packed: IO[bytes]) -> io.BufferedIOBase:
    """The decompressed stream of a file in gzip, bzip2 or xz format.

    Raises:
        InputError: it is in none of them.
    """
    start = packed.read(6)
    packed.seek(0)
    for magic, opener in MAGIC.items():
        if start.startswith(magic):
            return opener(packed)
    raise InputError("not a gzip, bzip2 or xz file")


class Unpacked(io.RawIOBase):
    """A stream for tarfile that goes forward only, and never further than its limit."""

    def __init__(self, stream: IO[bytes] | io.BufferedIOBase, limit: int) -> None:
        self._stream = stream
        self._limit = limit
        self._at = 0
        self.last = b""

    def readable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        while self._at < offset:
            if not self.take(min(HEADER_BYTES, offset - self._at)):
                break
        return self._at

    def read(self, size: int = -1) -> bytes:
        if not 0 <= size <= HEADER_BYTES:
            raise InputError("a header of the archive is over a megabyte; it is no kernel")
        self.last = self.take(size)
        return self.last

    def take(self, size: int) -> bytes:
        """Up to *size* bytes, fewer only at the end."""
        found = self._stream.read(size)
        self._at += len(found)
        if self._at > self._limit:
            raise InputError(f"the archive unpacks to over {self._limit} bytes; it is no kernel")
        return found


def _extract(stream: Unpacked, into: NewTree, tell: Callable[[], None]) -> None:
    for number, member in enumerate(tarfile.TarFile(fileobj=stream)):
        if number >= FILES:
            raise InputError(f"over {FILES} members; it is no kernel")
        if not member.isdir():
            into.add(PurePosixPath(member.name), _file(member, stream, into))
            tell()
    if stream.last != bytes(tarfile.BLOCKSIZE):  # tarfile also stops, silently, at a bad header
        raise tarfile.ReadError("no end-of-archive block")
    while stream.take(HEADER_BYTES):
        pass  # to the end, where gzip and xz have their check sums


def _file(member: tarfile.TarInfo, stream: Unpacked, into: NewTree) -> File:
    if member.issym():
        return File(os.fsencode(member.linkname), Mode.LINK)
    mode = Mode.EXECUTABLE if member.mode & 0o100 else Mode.FILE
    if member.islnk():
        tree, target = DirTree(into.folder), PurePosixPath(member.linkname)
        earlier = tree.read(target)
        if earlier is None or tree.mode(target) is Mode.LINK:
            raise InputError(f"{member.name}: a hard link to no file of the archive")
        return File(earlier, mode)
    if not member.isreg() or member.issparse():
        raise InputError(f"{member.name}: neither file, folder nor link; it is no kernel")
    if member.size > FILE_BYTES:
        raise InputError(f"{member.name}: has {member.size} bytes; it is no kernel")
    found = stream.take(member.size)
    if len(found) < member.size:
        raise EOFError
    return File(found, mode)
