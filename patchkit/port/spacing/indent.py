"""The indentation of an added line that lost its own, from the lines around it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from patchkit.port.spacing import ccode
from patchkit.port.spacing.above import REACH, Above, CodeLine, continues
from patchkit.port.spacing.columns import lead, leading, width
from patchkit.port.spacing.habits import Habits, open_parenthesis

# The base of a comment's lines.
IN_COMMENT = b"*"


class Indent(NamedTuple):
    """The white space before a line; of a line that goes on from an earlier one, and of a comment,
    *base* is that line's."""

    lead: bytes
    base: bytes | None = None


def predict(body: bytes, above: Sequence[bytes], below: Sequence[bytes], habits: Habits) -> Indent:
    """The white space before *body*, an indented line that stands between *above* and *below*
    (whole lines of the target, or restored before)."""
    near = above[-REACH:]
    if near and continues(near[-1]):
        return _in_macro(body, near, habits)
    if ccode.in_comment(near):
        return Indent(_in_comment(body, near), base=IN_COMMENT)
    if ccode.LABEL.match(body) and not ccode.CASE.match(body):
        return Indent(_label(above, below))
    code = Above(near)
    last = code.at(0)
    if last is None:
        return Indent(next((lead(line) for line in below if lead(line)), habits.unit))
    return _in_code(body, code, last, habits)


def _label(above: Sequence[bytes], below: Sequence[bytes]) -> bytes:
    """As the nearest label that is indented; most are by one blank."""
    for line in (*above[: -REACH - 1 : -1], *below):
        if line[:1] in b" \t" and ccode.LABEL.match(line.lstrip()) and b"default" not in line:
            return lead(line)
    return b" "


def _in_macro(body: bytes, above: Sequence[bytes], habits: Habits) -> Indent:
    """In a ``#define`` of several lines: as in code, one level deep."""
    first = len(above) - 1
    while first > 0 and continues(above[first - 1]):
        first -= 1
    inner = [line.rstrip()[:-1].rstrip() for line in above[first + 1 :]]
    head = above[first].rstrip()[:-1].rstrip()
    if not inner:
        column = open_parenthesis(head)
        aligned = leading(column + 1, like=b"") if column is not None else habits.unit
        return Indent(aligned, base=b"")
    code = Above(inner)
    last = code.at(0)
    return _in_code(body, code, last, habits) if last is not None else Indent(lead(inner[-1]))


def _in_comment(body: bytes, above: Sequence[bytes]) -> bytes:
    last = next((line for line in reversed(above) if line.strip()), b"")
    text = last.lstrip()
    if text.startswith(b"/*"):
        return lead(last) + (b" " if body.startswith(b"*") else b"   ")
    return lead(last)


def _in_code(body: bytes, code: Above, last: CodeLine, habits: Habits) -> Indent:
    inside = _inside_parentheses(code, habits)
    if inside is not None:
        return inside
    if body.startswith(b"}"):
        at = code.opener()
        return Indent(_lead(code, code.start(at)) if at is not None else b"")
    if ccode.CASE.match(body):
        return Indent(_case(code, habits))
    index = 0
    while ccode.LABEL.match(last.text) and not ccode.CASE.match(last.text):
        index += 1
        before = code.at(index)
        if before is None:
            return Indent(habits.unit)
        last = before
    return _after(body, code, index, habits)


def _lead(code: Above, index: int) -> bytes:
    line = code.at(index)
    return line.lead if line is not None else b""


def _case(code: Above, habits: Habits) -> bytes:
    level = index = 0
    while (line := code.at(index)) is not None:
        level += line.text.count(b"}") - line.text.count(b"{")
        if level < 0 or (level == 0 and ccode.CASE.match(line.text)):
            return line.lead
        index += 1
    return habits.unit


def _after(body: bytes, code: Above, index: int, habits: Habits) -> Indent:
    """The indentation after the code line *index*, outside parentheses."""
    last = code.at(index)
    assert last is not None
    text = last.text
    start = code.start(index)
    here = _lead(code, start)
    if ccode.OPEN_END.search(text) or ccode.OPEN_START.match(body):
        return _expression(code, start, index, habits)
    if text.endswith(b"{") or (ccode.CASE.match(text) and text.endswith(b":")):
        return Indent(habits.deeper(here, code.step()))
    if ccode.is_control(code.head(start, index)):
        return Indent(here if body.startswith(b"{") else habits.deeper(here, code.step()))
    if text.endswith(b",") and ccode.DECLARATION.match(text) and code.is_statement(start):
        return _expression(code, start, index, habits)
    if text.rstrip(b",;)").endswith(b"}"):
        at = code.opener(index, -1)
        start = code.start(at) if at is not None else start
    return Indent(_past_governed(body, code, start))


def _expression(code: Above, start: int, index: int, habits: Habits) -> Indent:
    """The indentation of a line that goes on with the statement from *start* to *index*."""
    first, last = code.at(start), code.at(index)
    assert first is not None
    assert last is not None
    if start == index:
        return Indent(habits.second_line_of_expression(first.line), base=first.lead)
    return Indent(last.lead, base=first.lead)


def _past_governed(body: bytes, code: Above, start: int) -> bytes:
    """The indentation after the statement at *start*: that of the outermost ``if`` or loop
    without braces that governs it; before an ``else``, of its ``if``."""
    wants_if = body.startswith(b"else")
    while (before := code.at(start + 1)) is not None:
        above = code.start(start + 1)
        head = code.head(above, start + 1)
        outer = code.at(above)
        assert outer is not None
        if not ccode.is_control(head) or width(outer.lead) >= width(_lead(code, start)):
            break
        start = above
        if wants_if and not head.startswith((b"else", b"for", b"while", b"do")):
            break
        if before is None:
            break
    return _lead(code, start)


def _inside_parentheses(code: Above, habits: Habits) -> Indent | None:
    """The indentation of a line inside parentheses that are still open; None if none are."""
    balance = 0
    index = 0
    while (line := code.at(index)) is not None and index < 16:
        balance += ccode.depth(line.text)
        if balance > 0:
            return Indent(_hanging(code, index, line, habits), base=line.lead)
        if line.text.endswith((b";", b"{", b"}")):
            return None
        index += 1
    return None


def _hanging(code: Above, index: int, opener: CodeLine, habits: Habits) -> bytes:
    balance = 0
    for at in range(index):
        line = code.at(at)
        assert line is not None
        balance += ccode.depth(line.text)
        if balance == 0:
            return line.lead
    return habits.second_line(opener.line)
