"""Where functions begin and end, by braces and headers, without a parser.

tree-sitter finds functions too, but not around a header that ``#if`` spells twice or a macro it
can't see through; 55 % of the files of 2.4.0-test10's drivers/ hold such a place.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import NamedTuple

from patchkit.csource.conditions import Liveness, Region
from patchkit.csource.lexical import Lexed

_BRACE_OR_BRANCH = re.compile(
    rb"[{}]|^[ \t]*#[ \t]*(?:(?P<open>if)|(?P<other>el(?:se|if))|(?P<close>endif))", re.MULTILINE
)
# drm of 2.5 and 2.6 spells its functions DRM(alloc_pages)(...).
_NAME_BEFORE_PAREN = re.compile(rb"(\w+(?:[ \t]*\([ \t]*\w+[ \t]*\))?)\s*\Z")
_PLAIN_NAMES = re.compile(rb"\s*\w+(?:\s*,\s*\w+)*\s*\Z")
_ATTRIBUTE_WORD = re.compile(rb"\b__\w+\Z")
_NO_FUNCTION = frozenset(
    (b"if", b"while", b"for", b"switch", b"do", b"else", b"return", b"sizeof", b"defined")
)


@dataclass(frozen=True, slots=True)
class Function:
    """A function definition; all numbers are byte offsets.

    ``start`` is the first byte of its header, ``body`` that of its ``{``, ``end`` is past its
    ``}``; ``parameters`` is the text between the parentheses (for K&R: with the declarations).
    """

    name: bytes
    start: int
    body: int
    end: int
    parameters: bytes


@dataclass(frozen=True, slots=True)
class Block:
    """Braces at the top that are no function's: a struct, an enum, an initialiser.

    ``start`` is where the text before the ``{`` begins; it may hold other declarations too.
    """

    start: int
    brace: int
    end: int


class Functions:
    """The functions of one file, in order, and the other braces at the top."""

    def __init__(self, found: tuple[Function, ...], blocks: tuple[Block, ...] = ()) -> None:
        self.all = found
        self.blocks = blocks
        self._bodies = [function.start for function in found]

    def at(self, offset: int) -> Function | None:
        """The function whose header or body holds *offset*."""
        index = bisect_right(self._bodies, offset) - 1
        if index >= 0 and offset < self.all[index].end:
            return self.all[index]
        return None


def functions(source: Lexed, branches: tuple[Region, ...] = ()) -> Functions:
    """Every function definition of *source*; *branches* known to be dead don't count braces."""
    scan = _Scan(source, Liveness(branches))
    for found in _BRACE_OR_BRANCH.finditer(source.code):
        scan.take(found)
    scan.close(len(source.code))
    return Functions(tuple(scan.found), tuple(scan.blocks))


class _Open(NamedTuple):
    """An open brace, and the one around it; is its end looked for in the first column?"""

    around: _Open | None
    first_column: bool


class _Scan:
    """Open braces through the file. Branches of one #if all start with those of the #if."""

    def __init__(self, source: Lexed, dead: Liveness) -> None:
        self._code = source.code
        self._plain = source.plain
        self._dead = dead
        self._open: _Open | None = None  # the innermost open brace
        self._boundary = 0  # where the header of the next top-level thing may begin
        self._header: Function | None = None
        self._block: tuple[int, int] | None = None
        # For each #if: the brace open before it; whether a branch has ended, and what it left.
        self._branches: list[tuple[_Open | None, bool, _Open | None]] = []
        self.found: list[Function] = []
        self.blocks: list[Block] = []

    def take(self, found: re.Match[bytes]) -> None:
        at = found.start()
        if found["open"]:
            self._branches.append((self._open, False, None))
        elif found["other"] and self._branches:
            before, ended, first = self._branches.pop()
            self._branches.append((before, True, first if ended else self._open))
            self._open = before
            if before is None and self._header is None:
                self._boundary = found.end()
        elif found["close"] and self._branches:
            _, ended, first = self._branches.pop()
            if ended:
                self._open = first
        elif found[0] in b"{}" and self._plain[at] in b"{}":
            if self._is_dead(at):
                self._dead_brace(at)
            elif found[0] == b"{":
                self._opening(at)
            else:
                self._closing(at)

    def _dead_brace(self, at: int) -> None:
        """The header of the next function begins behind a function that is never compiled."""
        start = self._dead.dead_since(at)
        if self._open is None and start is not None and self._plain[at] == ord("}"):
            header = self._plain[start:at].partition(b"{")[0]
            if header.strip():  # else it was a live header's other body
                self._boundary = at + 1

    def _is_dead(self, at: int) -> bool:
        return self._dead.dead(at)

    def _column_zero(self, at: int) -> bool:
        return at == 0 or self._code[at - 1] == 0x0A

    def _opening(self, at: int) -> None:
        first_column = self._column_zero(at)
        if self._open is not None and first_column and self._header is not None:
            self._resync(at)
        if self._open is None:
            self._header = _header(self._plain, self._boundary, at)
            self._block = (self._boundary, at)
            self._boundary = at + 1
        self._open = _Open(self._open, self._open is None or first_column)

    def _closing(self, at: int) -> None:
        # Kernel style closes in the first column what was opened there or at the top; a brace
        # that a macro or a branch hides is forgotten.
        closed, self._open = self._open, self._open.around if self._open else None
        if self._column_zero(at):
            while closed is not None and not closed.first_column and self._open is not None:
                closed, self._open = self._open, self._open.around
        if self._open is None:
            self.close(at + 1)

    def _resync(self, at: int) -> None:
        """A function's ``{`` in the first column while the last one is still open."""
        begin = max(self._code.rfind(b"}", 0, at), self._code.rfind(b";", 0, at), self._boundary)
        header = _header(self._plain, begin + 1, at)
        if header is not None and self._column_zero(header.start):
            self.close(header.start)
            self._boundary = begin + 1
            self._open = None

    def close(self, end: int) -> None:
        if self._header is not None:
            header = self._header
            self.found.append(
                Function(header.name, header.start, header.body, end, header.parameters)
            )
        elif self._block is not None:
            self.blocks.append(Block(*self._block, end))
        self._header = self._block = None
        self._boundary = end


def _header(plain: bytes, begin: int, brace: int) -> Function | None:
    """The function whose ``{`` is at *brace*, if the text since *begin* is a function's header."""
    text = plain[begin:brace]
    statement = text.rfind(b";") + 1
    if not text[statement:].strip():
        return _old_style(text, begin, brace)
    return _modern(text[statement:], begin + statement, brace)


def _modern(text: bytes, begin: int, brace: int) -> Function | None:
    header = _without_attributes(text.rstrip())
    opening = _matching_paren(header)
    if opening is None:
        return None
    named = _NAME_BEFORE_PAREN.search(header[:opening], max(0, opening - 200))
    if named is None or named[1] in _NO_FUNCTION or b"=" in header[: named.start()]:
        return None
    start = begin + len(text) - len(text.lstrip())
    name = b"".join(named[1].split())
    return Function(name, start, brace, brace, header[opening + 1 : -1])


def _without_attributes(header: bytes) -> bytes:
    """*header* up to its last ``)`` that is not an attribute's."""
    while True:
        opening = _matching_paren(header)
        if opening is None:
            word = _ATTRIBUTE_WORD.search(header, max(0, len(header) - 60))
            if word is None:
                return header
            header = header[: word.start()].rstrip()
        elif header[:opening].rstrip().endswith(b"__attribute__"):
            header = header[: header.rindex(b"__attribute__")].rstrip()
        else:
            return header


def _old_style(text: bytes, begin: int, brace: int) -> Function | None:
    """K&R: ``int foo(a, b) int a; char *b; {`` has its semicolons in the header."""
    closing = text.find(b")")
    while closing != -1:
        opening = text.rfind(b"(", 0, closing)
        names = text[opening + 1 : closing]
        declared = text[closing + 1 :]
        if opening != -1 and _PLAIN_NAMES.match(names) and not declared.lstrip().startswith(b";"):
            wanted = [name.strip() for name in names.split(b",")]
            named = _NAME_BEFORE_PAREN.search(text[:opening])
            if named and all(re.search(rb"\b" + name + rb"\b", declared) for name in wanted):
                start = max(text.rfind(b";", 0, named.start()), text.rfind(b"}", 0, named.start()))
                start += 1
                start += len(text[start:]) - len(text[start:].lstrip())
                return Function(named[1], begin + start, brace, brace, declared.strip())
        closing = text.find(b")", closing + 1)
    return None


def _matching_paren(text: bytes) -> int | None:
    """The ``(`` that the last byte of *text* closes; None where that is no ``)``."""
    if not text.endswith(b")"):
        return None
    depth = 0
    for at in range(len(text) - 1, -1, -1):
        if text[at] == 0x29:
            depth += 1
        elif text[at] == 0x28:
            depth -= 1
            if depth == 0:
                return at
    return None
