"""One file of C or assembler as the rules see it: its text, and the text with only code left."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath

# A raw newline inside a string was accepted by gcc 2.x; `'` in assembler comments and in
# `#error don't` opens nothing, so a character constant never spans lines.
_OPAQUE = re.compile(
    rb"""
      /\*.*?(?:\*/|\Z)
    | //(?:\\\n|[^\n])*
    | ^[ \t]*\#[ \t]*(?:error|warning)\b[^\n]*
    | "(?:[^"\\]|\\.)*"
    | '(?:[^'\\\n]|\\.){1,8}'
    """,
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)
_NOT_NEWLINE = re.compile(rb"[^\n]")
_CLOSERS = {0x28: 0x29, 0x5B: 0x5D, 0x7B: 0x7D}


@dataclass(frozen=True)
class Source:
    """The file at *path*; ``code`` has comments and the insides of literals blanked, byte for
    byte at the same offsets (quotes and newlines stay)."""

    path: PurePosixPath
    text: bytes

    @cached_property
    def _opaque(self) -> tuple[bytes, tuple[tuple[int, int], ...]]:
        pieces: list[bytes] = []
        strings: list[tuple[int, int]] = []
        at = 0
        for found in _OPAQUE.finditer(self.text):
            start, end = found.span()
            if self.text[start] in b"\"'":
                if self.text[start] == 0x22:
                    strings.append((start, end))
                start, end = start + 1, end - 1
            pieces += (self.text[at:start], _NOT_NEWLINE.sub(b" ", self.text[start:end]))
            at = end
        pieces.append(self.text[at:])
        return b"".join(pieces), tuple(strings)

    @property
    def code(self) -> bytes:
        return self._opaque[0]

    @property
    def strings(self) -> tuple[tuple[int, int], ...]:
        """The span of every string literal, quotes included."""
        return self._opaque[1]

    def line(self, offset: int) -> int:
        """The line of *offset*, from 1."""
        return self.text.count(b"\n", 0, offset) + 1

    def closing(self, opening: int) -> int | None:
        """The offset of the bracket that closes the one at *opening*."""
        opened, closer = self.code[opening], _CLOSERS[self.code[opening]]
        depth = 0
        for found in re.finditer(
            b"[" + re.escape(bytes((opened, closer))) + b"]", self.code[opening:]
        ):
            depth += 1 if found[0][0] == opened else -1
            if depth == 0:
                return opening + found.start()
        return None

    def split(self, start: int, end: int, separator: int) -> Iterator[tuple[int, int]]:
        """The spans between *separator* bytes at bracket depth 0 of ``code[start:end]``."""
        depth, begin = 0, start
        for at in range(start, end):
            byte = self.code[at]
            if byte in b"([{":
                depth += 1
            elif byte in b")]}":
                depth -= 1
            elif byte == separator and depth == 0:
                yield begin, at
                begin = at + 1
        yield begin, end

    def macro_at(self, offset: int) -> re.Match[bytes] | None:
        """The ``#define`` whose body holds *offset*: groups ``name`` and ``parameters``."""
        begin = self.text.rfind(b"\n", 0, offset) + 1
        while begin > 0 and self.text[max(0, begin - 2) : begin] == b"\\\n":
            begin = self.text.rfind(b"\n", 0, begin - 1) + 1
        return _DEFINE.match(self.code, begin)


_DEFINE = re.compile(rb"[ \t]*#[ \t]*define[ \t]+(?P<name>\w+)(?:\((?P<parameters>[^)]*)\))?")
