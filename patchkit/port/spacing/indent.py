"""The indentation of an added line that lost its own, from the lines around it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from patchkit.port.spacing import ccode
from patchkit.port.spacing.columns import fill, lead, width

# How far up the structure is looked for: a function's length.
REACH = 200


class Style(NamedTuple):
    """A file's habits: one level of indentation, and where continued lines go."""

    unit: bytes
    aligns: bool  # under the open parenthesis, not so many levels deeper
    levels: int  # for those that do not align


def style_of(lines: Sequence[bytes]) -> Style:
    """The habits of the file with *lines*."""
    leads = Counter(lead(line) for line in lines if line[:1] in (b"\t", b" ") and line.strip())
    tabs = sum(count for text, count in leads.items() if text.startswith(b"\t"))
    blanks = sum(count for text, count in leads.items() if text.startswith(b"  "))
    unit = b"\t"
    if blanks > tabs:
        steps = Counter({size: leads[b" " * size] for size in (2, 3, 4, 8) if leads[b" " * size]})
        unit = b" " * (min(steps) if steps else 4)
        if steps and steps.most_common(1)[0][0] == 8:
            unit = b"        "
    aligned = hanging = 0
    levels: Counter[int] = Counter()
    for line, following in pairwise(lines):
        text = line.rstrip()
        if not text.endswith((b",", b"|", b"&", b"(")) or ccode.depth(ccode.code(line)) <= 0:
            continue
        column = _open_parenthesis(line)
        if column is None or not following.strip():
            continue
        if width(lead(following)) == column + 1:
            aligned += 1
        else:
            hanging += 1
            levels[max(1, (width(lead(following)) - width(lead(line))) // 8)] += 1
    return Style(unit, aligned >= hanging, levels.most_common(1)[0][0] if levels else 1)


def predict(body: bytes, above: Sequence[bytes], below: Sequence[bytes], style: Style) -> bytes:
    """The white space before *body*, an indented line that stands between *above* and *below*
    (whole lines of the target, or restored before)."""
    above = above[-REACH:]
    if ccode.in_comment(above):
        return _in_comment(body, above)
    lines = [line for line in above if line.strip() and not line.startswith(b"#")]
    if not lines:
        return next((lead(line) for line in below if lead(line)), style.unit)
    if body.startswith(b"}"):
        at = ccode.opener(lines)
        return lead(lines[ccode.statement_start(lines, at)]) if at is not None else b""
    if ccode.CASE.match(body):
        return _case(lines, style)
    return _after(body, lines, style)


def _in_comment(body: bytes, above: Sequence[bytes]) -> bytes:
    last = next((line for line in reversed(above) if line.strip()), b"")
    text = last.lstrip()
    if text.startswith(b"/*"):
        return lead(last) + (b" " if body.startswith(b"*") else b"   ")
    return lead(last)


def _case(lines: Sequence[bytes], style: Style) -> bytes:
    level = 0
    for line in reversed(lines):
        text = ccode.code(line)
        level += text.count(b"}") - text.count(b"{")
        if level == 0 and ccode.CASE.match(text):
            return lead(line)
        if level < 0:
            return lead(line)
    return style.unit


def _after(body: bytes, lines: Sequence[bytes], style: Style) -> bytes:
    """The indentation after the code in *lines*."""
    while len(lines) > 1 and ccode.LABEL.match(lines[-1].lstrip()) and not lead(lines[-1]):
        if not ccode.CASE.match(lines[-1].lstrip()):
            lines = lines[:-1]
            continue
        break
    last = lines[-1]
    text = ccode.code(last)
    if not text:  # a comment stands before the code it is about
        return lead(last) if not last.lstrip().startswith((b"*", b"*/")) else lead(last)[:-1]
    continued = _continuation(lines, style)
    if continued is not None:
        return continued
    start = ccode.statement_start(lines, len(lines) - 1)
    here = lead(lines[start])
    if text.endswith(b"{"):
        return here + style.unit
    if ccode.CASE.match(text):
        return here + style.unit if text.endswith(b":") else here
    head = b" ".join(ccode.code(line) for line in lines[start:])
    if ccode.is_control(head):
        return here if body.startswith(b"{") else here + style.unit
    if text.endswith(b"}"):
        at = ccode.opener([*lines[:-1], text[: text.rfind(b"}")]])
        start = ccode.statement_start(lines, at) if at is not None else start
    return _past_governed(lines, start)


def _past_governed(lines: Sequence[bytes], start: int) -> bytes:
    """The indentation after the statement at *start*: that of the outermost ``if`` or loop
    without braces that governs it."""
    while start > 0:
        before = ccode.statement_start(lines, start - 1)
        head = b" ".join(ccode.code(line) for line in lines[before:start])
        if not ccode.is_control(head) or width(lead(lines[before])) >= width(lead(lines[start])):
            break
        start = before
    return lead(lines[start])


def _continuation(lines: Sequence[bytes], style: Style) -> bytes | None:
    """The indentation of a line inside parentheses that are still open; None if none are."""
    balance = 0
    for at in range(len(lines) - 1, max(-1, len(lines) - 12), -1):
        text = ccode.code(lines[at])
        balance += ccode.depth(text)
        if balance > 0:
            if at < len(lines) - 1:
                return lead(lines[-1])
            column = _open_parenthesis(lines[at])
            if style.aligns and column is not None:
                return fill(0, column + 1)
            return lead(lines[at]) + style.unit * style.levels
        if text.endswith((b";", b"{", b"}")):
            return None
    return None


def _open_parenthesis(line: bytes) -> int | None:
    """The column of the last parenthesis that *line* leaves open."""
    hidden = ccode.STRING.sub(lambda m: b'"' + b"x" * (len(m[0]) - 2) + b'"', line)
    balance = 0
    for at in range(len(hidden) - 1, -1, -1):
        if hidden[at] in b")]":
            balance += 1
        elif hidden[at] in b"([":
            balance -= 1
            if balance < 0:
                return width(line[:at])
    return None
