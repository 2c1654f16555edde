"""swapout() handlers that do nothing, taken out with what was written for them.

A marked vma is passed by when memory is swapped, so nothing calls them any more. In 2.4.0-test10
that is via82cxxx_audio.c, whose conditionals test VM_RESERVE, a name that no header has.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from patchkit.csource.edit import Edit, apply_edits, whole_lines
from patchkit.csource.unit import Unit

_OPENED = re.compile(rb"^[ \t]*#[ \t]*if(?:n?def)?\b[^\n]*\n\s*\Z", re.MULTILINE)
_CLOSED = re.compile(rb"\s*^[ \t]*#[ \t]*endif\b[^\n]*\n", re.MULTILINE)
_BLANK_LINES = re.compile(rb"(?:[ \t]*\n)+")
_FLAG_BY_NAME = re.compile(
    rb"(?:^[ \t]*\n)?^[ \t]*#[ \t]*ifdef[ \t]+(VM_\w+)[^\n]*\n"
    rb"[ \t]*\w+->vm_flags[ \t]*\|=[ \t]*\1[ \t]*;[ \t]*\n"
    rb"^[ \t]*#[ \t]*endif\b[^\n]*\n",
    re.MULTILINE,
)


def without_swapout(unit: Unit, lines: frozenset[int], mm_h: bytes) -> bytes:
    """*unit*'s source without the handlers that begin on *lines*, and without conditional marks by
    a flag that *mm_h*, the text of linux/mm.h, does not define.

    A handler that is named anywhere else than in a ``swapout`` member stays.
    """
    source = unit.source
    edits: list[Edit] = []
    for function in unit.functions.all:
        if unit.line(function.start) in lines:
            edits += _handler(unit, function.name, function.start, function.end)
    if not edits:
        return source
    for found in _FLAG_BY_NAME.finditer(source):
        if not re.search(rb"\bdefine[ \t]+" + found[1] + rb"\b", mm_h):
            edits.append(Edit(found.start(), found.end(), b""))
    return apply_edits(source, edits)


def _handler(unit: Unit, name: bytes, start: int, end: int) -> Iterator[Edit]:
    code = unit.text.code
    slots = [
        found.span()
        for pattern in (rb"\bswapout[ \t]*:\s*%s\b[ \t]*,?", rb"\.swapout\s*=\s*%s\b[ \t]*,?")
        for found in re.finditer(pattern % re.escape(name), code)
    ]
    prototypes = [
        found.span()
        for found in re.finditer(rb"^[^\n;{}#]*\b%s\s*\([^;{}]*\)\s*;" % name, code, re.MULTILINE)
    ]
    spans = [(start, end), *slots, *prototypes]
    named = [found.start() for found in re.finditer(rb"\b%s\b" % re.escape(name), code)]
    if all(any(begin <= at < stop for begin, stop in spans) for at in named):
        for begin, stop in spans:
            yield Edit(*_with_its_conditional(unit.source, begin, stop), b"")


def _with_its_conditional(source: bytes, start: int, end: int) -> tuple[int, int]:
    """The lines from *start* to *end*, a conditional around them alone, and the gap they leave."""
    begin, stop = whole_lines(source, start, end)
    opened, closed = _OPENED.search(source, 0, begin), _CLOSED.match(source, stop)
    if opened and closed:
        begin, stop = opened.start(), closed.end()
    above = source[:begin].rstrip(b" \t\n")
    gap = _BLANK_LINES.match(source, stop)
    if not above or source[len(above) : begin].count(b"\n") > 1:  # a blank line above
        if source[stop:].lstrip(b" \t").startswith(b"}"):
            begin = len(above) + 1
        elif gap:
            stop = gap.end()
    return begin, stop
