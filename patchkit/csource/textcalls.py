"""Calls as text: found by name in any code, in macro bodies and dead branches too."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from patchkit.csource.unit import Unit

_TYPE_BEFORE = re.compile(rb"(?:\b(?!return\b|else\b|do\b|case\b)\w+|\*)[ \t*]*\Z")
_STATEMENT_BEFORE = re.compile(
    rb"(?:[;{}]|\b(?:else|do)\b|\)|\A|(?:\bcase\b[^;{}?]*|\bdefault\s*|^\s*\w+\s*):)\s*"
    rb"(?:\(\s*void\s*\)\s*)?\Z",
    re.MULTILINE,
)


class TextCall(NamedTuple):
    """A call; ``arguments`` are the spans of its arguments, white space around them left out."""

    name: bytes
    start: int
    end: int
    arguments: tuple[tuple[int, int], ...]


def text_calls(unit: Unit, name: bytes) -> Iterator[TextCall]:
    """The calls of *name*, prototypes and definitions left out."""
    code = unit.text.code
    for found in re.finditer(rb"\b" + re.escape(name) + rb"\s*\(", code):
        if unit.text.directive_at(found.start()) is None:
            line = code[code.rfind(b"\n", 0, found.start()) + 1 : found.start()]
            if _TYPE_BEFORE.search(line) and unit.functions.at(found.start()) is None:
                continue
            function = unit.functions.at(found.start())
            if function is not None and found.start() < function.body:
                continue
        elif _is_own_define(code, found.start()):
            continue
        spans, end = _argument_spans(code, found.end() - 1)
        if end:
            yield TextCall(name, found.start(), end, spans)


def is_result_used(unit: Unit, call: TextCall) -> bool:
    """Does anything look at what *call* returns? A call that is a whole statement says no."""
    code = unit.text.plain
    before = code[max(0, call.start - 300) : call.start]
    after = code[call.end : call.end + 80].lstrip()
    if not after.startswith(b";") or not _STATEMENT_BEFORE.search(before):
        return True
    # A bracket before it must be that of an if, for or while, and not a cast.
    opened = before.rstrip()
    if not opened.endswith(b")") or opened.endswith(b"(void)"):
        return False
    return not re.search(rb"\b(?:if|for|while|switch)\s*\([^;{}]*(?:;[^;{}]*;[^;{}]*)?\)\Z", opened)


def _is_own_define(code: bytes, at: int) -> bool:
    line = code[code.rfind(b"\n", 0, at) + 1 : at]
    return re.match(rb"[ \t]*#[ \t]*define[ \t]+\Z", line) is not None


def _argument_spans(code: bytes, opening: int) -> tuple[tuple[tuple[int, int], ...], int]:
    """The spans between the ``(`` at *opening* and its ``)``, and what is behind it; 0 if none."""
    spans: list[tuple[int, int]] = []
    depth, begin = 0, opening + 1
    for at in range(opening, min(len(code), opening + 20000)):
        byte = code[at]
        if byte in b"([{":
            depth += 1
        elif byte in b")]}":
            depth -= 1
            if depth == 0:
                spans.append(_stripped(code, begin, at))
                empty = len(spans) == 1 and spans[0][0] == spans[0][1]
                return (() if empty else tuple(spans)), at + 1
        elif byte == 0x2C and depth == 1:
            spans.append(_stripped(code, begin, at))
            begin = at + 1
    return (), 0


def _stripped(code: bytes, begin: int, end: int) -> tuple[int, int]:
    while (begin < end and code[begin : begin + 1].isspace()) or code[begin : begin + 2] == b"\\\n":
        begin += 1
    while end > begin and code[end - 1 : end].isspace():
        end -= 1
    return begin, end
