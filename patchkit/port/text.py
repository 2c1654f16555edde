"""A file's text as lines, and where a block of lines stands in it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from patchkit.patch.model import Line


def key(line: bytes) -> bytes:
    """*line* but for its white space: what survives a mailer. Runs count as one blank."""
    return b" ".join(line.split())


# Stands behind a last line that has no newline: byte for byte it is another line then.
OPEN_END = b"\0no newline"


def spelled(text: bytes, *, newline: bool) -> bytes:
    """A line as it is compared byte for byte."""
    return text if newline else text + OPEN_END


def joined(lines: Iterable[Line]) -> bytes:
    """The file that *lines* are."""
    return b"".join(line.text + (b"\n" if line.newline else b"") for line in lines)


class Text:
    """The lines of a file, without their newlines; a carriage return stays part of its line.

    Treated as frozen. ``ends_with_newline`` is False where the last line has none; ``is_c`` says
    whether the lines are known to be C.
    """

    def __init__(self, data: bytes, *, is_c: bool = False) -> None:
        self.is_c = is_c
        lines = data.split(b"\n")
        self.ends_with_newline = lines[-1] == b"" or not data
        if lines[-1] == b"":
            lines.pop()
        self.lines = tuple(lines)

    def __len__(self) -> int:
        return len(self.lines)

    @cached_property
    def keys(self) -> tuple[bytes, ...]:
        """Each line's :func:`key`."""
        return tuple(key(line) for line in self.lines)

    @cached_property
    def exact(self) -> Haystack:
        """The lines as they are, to search in."""
        if self.ends_with_newline:
            return Haystack(self.lines)
        return Haystack((*self.lines[:-1], spelled(self.lines[-1], newline=False)))

    @cached_property
    def loose(self) -> Haystack:
        """The lines' keys, to search in."""
        return Haystack(self.keys)

    @property
    def uses_crlf(self) -> bool:
        """Do the lines end as on DOS?"""
        return bool(self.lines) and all(line.endswith(b"\r") for line in self.lines[:200])


class Haystack:
    """Lines joined, so that a block is found by one search in C."""

    def __init__(self, lines: Sequence[bytes]) -> None:
        self._joined = b"\n" + b"\n".join(lines) + b"\n"
        self._count = len(lines)

    @cached_property
    def _starts(self) -> list[int]:
        starts, at = [], self._joined.find(b"\n")
        while at >= 0:
            starts.append(at)
            at = self._joined.find(b"\n", at + 1)
        return starts

    def has(self, block: Sequence[bytes], at: int) -> bool:
        """Does *block* stand at line index *at*?"""
        if not 0 <= at < len(self._starts) - 1:
            return False
        return self._joined.startswith(b"\n" + b"\n".join(block) + b"\n", self._starts[at])

    def places(self, block: Sequence[bytes], limit: int = 1000) -> list[int]:
        """The line indexes at which *block* stands, in order, at most *limit*."""
        return [] if not block else list(self._places(b"\n" + b"\n".join(block) + b"\n", limit))

    def _places(self, needle: bytes, limit: int) -> Iterator[int]:
        at = self._joined.find(needle)
        while at >= 0 and limit > 0:
            yield bisect_right(self._starts, at) - 1
            limit -= 1
            at = self._joined.find(needle, at + 1)
