"""White space that reaches a column, with tabs or with blanks."""

from __future__ import annotations

TAB = 8


def width(text: bytes, start: int = 0) -> int:
    """The column at which *text* ends when it starts at column *start*."""
    column = start
    for byte in text:
        column = column + TAB - column % TAB if byte == 0x09 else column + 1
    return column


def lead(line: bytes) -> bytes:
    """The white space before the text of *line*."""
    return line[: len(line) - len(line.lstrip(b" \t"))]


def fill(start: int, end: int) -> bytes:
    """From column *start* to *end*, in as many tabs as fit and then blanks."""
    stops = end // TAB - start // TAB
    return b"\t" * stops + b" " * (end - end // TAB * TAB) if stops > 0 else b" " * (end - start)


def leading(columns: int, *, like: bytes) -> bytes:
    """*columns* of indentation in the style of *like*: tabs unless that has only blanks."""
    if len(like) >= TAB and b"\t" not in like:
        return b" " * columns
    return fill(0, columns)
