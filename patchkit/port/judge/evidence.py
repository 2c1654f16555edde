"""What a judge looks at: a file before and after, and each hunk as sent and as adapted."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import NamedTuple

from patchkit.csource import conditions
from patchkit.csource.unit import Unit
from patchkit.patch.model import FileChange, Hunk, Kind
from patchkit.port.judge.headers import Headers
from patchkit.port.needs import DEFINITIONS
from patchkit.port.text import Text
from patchkit.tree.base import Tree

C_SUFFIXES = frozenset((".c", ".h"))


class Degree(Enum):
    """How far a hunk that landed is from what was sent."""

    AS_SENT = 0
    ELSEWHERE = 1  # not at its line, or in a file in which another hunk is not
    ADAPTED = 2


class Adaptation(NamedTuple):
    """A hunk as sent, and the form in which it landed: the target's own context, the lines as
    they went into the file."""

    number: int
    original: Hunk
    port: Hunk
    start: int  # the index of the port's old image in the file before
    new_start: int  # the index of its new image in the file after
    degree: Degree = Degree.ADAPTED

    @property
    def end(self) -> int:
        return self.start + len(self.port.old)

    @property
    def new_end(self) -> int:
        return self.new_start + len(self.port.new)


class Span(NamedTuple):
    """A hunk that landed, adapted or not, at the line ``start`` of the file before."""

    hunk: Hunk
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.hunk.old)

    @property
    def grows(self) -> int:
        """By how many lines it makes the file longer."""
        return len(self.hunk.new) - len(self.hunk.old)


class Region(NamedTuple):
    """What stands whole around a hunk, functions mostly, before and after.

    ``added`` are the lines of ``after``, from 0, that the patch adds.
    """

    before: bytes
    after: bytes
    added: frozenset[int]


@dataclass(frozen=True)
class Source:
    """A file's text, as lines and as C; what is not asked for is not worked out."""

    path: PurePosixPath
    data: bytes

    @cached_property
    def text(self) -> Text:
        return Text(self.data)

    @cached_property
    def unit(self) -> Unit:
        return Unit(self.path, self.data, MappingProxyType({}))

    def offset(self, index: int) -> int:
        """The first byte of the line at *index*; the file's length behind the last one."""
        if index >= len(self.text):
            return len(self.data)
        return self.unit.text.offset(index + 1)

    def branch(self, offset: int) -> tuple[conditions.Region, ...]:
        """The branches of ``#if`` around *offset*, outermost first."""
        return tuple(r for r in self.unit.branches if r.start <= offset < r.end)

    def function(self, offset: int) -> tuple[int, int] | None:
        """The bytes of the function around *offset*."""
        found = self.unit.functions.at(offset)
        return None if found is None else (found.start, found.end)

    def item(self, start: int, end: int) -> tuple[int, int]:
        """The bytes of what stands whole around two offsets: functions, or what lies between
        two of them."""
        return self._edge(start, below=False), self._edge(max(start, end - 1), below=True)

    def _edge(self, offset: int, *, below: bool) -> int:
        functions = self.unit.functions.all
        index = bisect_right(functions, offset, key=lambda function: function.start) - 1
        if index >= 0 and offset < functions[index].end:
            return functions[index].end if below else functions[index].start
        if below:
            return functions[index + 1].start if index + 1 < len(functions) else len(self.data)
        return functions[index].end if index >= 0 else 0


@dataclass(frozen=True)
class Sent:
    """All files of a patch, as sent; one for all of them, as its answers take time."""

    changes: tuple[FileChange, ...] = ()

    @cached_property
    def defined(self) -> frozenset[bytes]:
        """What the added lines of any file define, as far as lines tell."""
        return frozenset(
            name
            for change in self.changes
            for hunk in change.hunks
            for line in hunk.lines
            if line.kind is Kind.ADDED
            for pattern in DEFINITIONS
            for name in pattern.findall(line.text)
        )


@dataclass(frozen=True)
class Evidence:
    """All that the checks of one file may ask for."""

    before: Source
    path: PurePosixPath  # of the file after
    made: Callable[[], bytes]  # its text, which takes time and is not always asked for
    adaptations: tuple[Adaptation, ...]
    spans: tuple[Span, ...]
    tree: Tree
    # What one file uses may come with another.
    sent: Sent = Sent()

    @cached_property
    def after(self) -> Source:
        return Source(self.path, self.made())

    @cached_property
    def headers(self) -> Headers:
        lines = (line for span in self.spans for line in span.hunk.new if line.kind is Kind.ADDED)
        # the patch brings some itself, in the order in which they will be looked through: last
        included = [line.text for line in lines if b"include" in line.text]
        return Headers(self.tree, self.before.path, b"\n".join((self.before.data, *included)))

    @property
    def is_c(self) -> bool:
        return self.path.suffix in C_SUFFIXES

    def region(self, adaptation: Adaptation) -> Region:
        """What stands whole around the hunk."""
        start, end = adaptation.start, adaptation.end
        while True:
            source = self.before
            first, last = source.item(source.offset(start), source.offset(end))
            top, bottom = source.unit.line(first) - 1, source.unit.line(max(first, last - 1))
            for span in self.spans:
                if span.start < bottom and span.end > top:
                    top, bottom = min(top, span.start), max(bottom, span.end)
            if top >= start and bottom <= end:
                break
            start, end = min(top, start), max(bottom, end)
        above = sum(span.grows for span in self.spans if span.end <= start)
        inside = [span for span in self.spans if start <= span.start < end]
        grows = sum(span.grows for span in inside)
        lines = self.after.text.lines[start + above : end + above + grows]
        return Region(
            b"\n".join(self.before.text.lines[start:end]),
            b"\n".join(lines),
            frozenset(_added(inside, start)),
        )


def _added(spans: Sequence[Span], start: int) -> Iterator[int]:
    """The lines that *spans* add, counted from the line that *start* is before."""
    shift = -start
    for span in spans:
        for index, line in enumerate(span.hunk.new):
            if line.kind is Kind.ADDED:
                yield span.start + shift + index
        shift += span.grows


class Objection(NamedTuple):
    """Why a hunk's result is not believed; a doubt is told and the hunk lands all the same."""

    reason: str
    is_doubt: bool = False


Check = Callable[[Adaptation, Evidence], Iterator[Objection]]
