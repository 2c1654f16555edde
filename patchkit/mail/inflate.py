"""gzip, bzip2 and xz undone, with a bound on what a few bytes may become."""

from __future__ import annotations

import bz2
import lzma
import zlib
from collections.abc import Iterable, Iterator
from typing import Protocol

from patchkit.errors import InputError

# The largest patch between two kernel releases is some 130 MB; a list's month is less.
MOST = 1 << 30
CHUNK = 1 << 20


class Decompressor(Protocol):
    """What bz2 and lzma share, and zlib has by another name."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int = -1) -> bytes: ...


class Gunzip:
    """zlib's decompressor of gzip under the names of the others."""

    def __init__(self) -> None:
        self._inner = zlib.decompressobj(wbits=31)

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def needs_input(self) -> bool:
        return not self._inner.unconsumed_tail

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        return self._inner.decompress(self._inner.unconsumed_tail + data, max(max_length, 0))


def _decompressor(start: bytes) -> Decompressor:
    if start.startswith(b"\x1f\x8b"):
        return Gunzip()
    return bz2.BZ2Decompressor() if start.startswith(b"BZh") else lzma.LZMADecompressor()


def inflate(chunks: Iterable[bytes], source: str, *, most: int = MOST) -> Iterator[bytes]:
    """The bytes within a gzip, bzip2 or xz stream, piece by piece.

    Raises:
        InputError: it is damaged or ends early, or holds more than *most* bytes.
    """
    inner: Decompressor | None = None
    total = 0
    for chunk in chunks:
        data = chunk
        while data or (inner is not None and not inner.eof and not inner.needs_input):
            if inner is None or (inner.eof and data):
                inner = _decompressor(data)
            piece = _piece(inner, data, source)
            total += len(piece)
            if total > most:
                raise InputError(f"{source}: holds more than {most >> 20} MB when decompressed")
            yield piece
            data = inner.unused_data if inner.eof else b""
            # Padding after a member is allowed; what is no member is not ours to guess at.
            if inner.eof and not data.startswith((b"\x1f\x8b", b"BZh", b"\xfd7z")):
                data = b""
    if inner is None or not inner.eof:
        raise InputError(f"{source}: the compressed data ends early; get it again")


def _piece(inner: Decompressor, data: bytes, source: str) -> bytes:
    try:
        return inner.decompress(data, CHUNK)
    except (OSError, EOFError, ValueError, zlib.error, lzma.LZMAError) as error:
        raise InputError(f"{source}: the compressed data is damaged; get it again") from error
