"""The code above a line, read upwards: without comments, blank lines and preprocessor lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from patchkit.port.spacing import ccode
from patchkit.port.spacing.columns import TAB, lead, width

# How far up the structure is looked for: a function's length.
REACH = 200
# Nested blocks this near are of one hand.
NEAR = 60


class CodeLine(NamedTuple):
    """A line, and the code on it."""

    line: bytes
    text: bytes

    @property
    def lead(self) -> bytes:
        return lead(self.line)


class Above:
    """The code lines above the end of *lines*: 0 is the last one, counting upwards. Read as far
    as asked for."""

    def __init__(self, lines: Sequence[bytes]) -> None:
        self._unread = _upwards(lines)
        self._read: list[CodeLine] = []

    def at(self, index: int) -> CodeLine | None:
        """The code line *index* lines up; None where there is none within reach."""
        while len(self._read) <= index:
            line = next(self._unread, None)
            if line is None:
                return None
            self._read.append(line)
        return self._read[index]

    def start(self, index: int) -> int:
        """The index of the line on which the statement that ends on line *index* begins."""
        balance = 0
        while True:
            line = self.at(index)
            assert line is not None
            balance += ccode.depth(line.text)
            above = self.at(index + 1)
            if above is None:
                return index
            goes_on = ccode.OPEN_END.search(above.text) or ccode.OPEN_START.match(line.text)
            if balance >= 0 and not goes_on:
                return index
            index += 1

    def is_statement(self, index: int) -> bool:
        """Is line *index* the first of a statement, not an element of a list in braces?"""
        above = self.at(index + 1)
        return above is None or not above.text.endswith((b",", b"= {", b"={"))

    def head(self, index: int, end: int = 0) -> bytes:
        """The code from line *index* down to line *end*, in one."""
        return b" ".join(line.text for line in reversed(self._read[end : index + 1]))

    def step(self) -> int | None:
        """By how many columns the nearest line behind an open brace is indented more."""
        for index in range(1, NEAR):
            line, inner = self.at(index), self.at(index - 1)
            if line is None or inner is None:
                return None
            if line.text.endswith(b"{"):
                first = self.at(self.start(index))
                assert first is not None
                deeper = width(inner.lead) - width(first.lead)
                if 1 < deeper <= TAB:
                    return deeper
        return None

    def opener(self, index: int = 0, balance: int = 0) -> int | None:
        """The index of the line whose ``{`` is still open below line *index*; *balance* is of
        the closing braces seen below."""
        while (line := self.at(index)) is not None:
            for byte in reversed(line.text):
                if byte == 0x7D:
                    balance += 1
                elif byte == 0x7B:
                    balance -= 1
                    if balance < 0:
                        return index
            index += 1
        return None


def _upwards(lines: Sequence[bytes]) -> Iterator[CodeLine]:
    at = len(lines) - 1
    last = max(0, len(lines) - REACH)
    while at >= last:
        line = lines[at]
        at -= 1
        text = line.strip()
        if not text or text.startswith(b"#") or (at >= 0 and continues(lines[at])):
            continue
        if b"*/" in text and b"/*" not in text[: text.rindex(b"*/")]:
            tail = ccode.code(text[text.rindex(b"*/") + 2 :])
            while at >= last and b"/*" not in lines[at]:
                at -= 1
            if tail:
                yield CodeLine(line, tail)
            if at < last:
                return
            line = lines[at]
            at -= 1
        text = ccode.code(line)
        if text:
            yield CodeLine(line, text)


def continues(line: bytes) -> bool:
    """Does *line* go on in the next by a backslash?"""
    return line.endswith((b"\\", b"\\\r")) or (
        line[-1:] in (b" ", b"\t") and line.rstrip().endswith(b"\\")
    )
