"""What was adapted of a hunk, for people: ``<`` as the patch has it, ``>`` as it landed."""

from __future__ import annotations

from collections.abc import Iterator

from patchkit.patch.model import Line
from patchkit.port.interdiff import Interdiff, Row

# Rows that differ, shown where nobody asked for all.
SHOWN = 6


def as_lines(interdiff: Interdiff, *, full: bool) -> Iterator[str]:
    """How many lines differ, then those lines; with *full* the whole hunk, marked where it
    differs. A differing line of the change itself has a ``!`` behind its mark."""
    yield f"adapted: {_count(interdiff.context, 'line')} of context, {_change(interdiff)}"
    shown = [row for row in interdiff.rows if full or not row.is_same]
    for row in shown if full else shown[:SHOWN]:
        yield from _row(row)
    if len(shown) > SHOWN and not full:
        yield f"  … and {len(shown) - SHOWN} more (--interdiff shows all)"


def _row(row: Row) -> Iterator[str]:
    if row.is_same:
        yield f"   {_line(row.landed)}"
        return
    mark = " " if row.is_context else "!"
    if row.sent is not None:
        yield f"  <{mark}{_line(row.sent)}"
    if row.landed is not None:
        yield f"  >{mark}{_line(row.landed)}"


def _line(line: Line | None) -> str:
    if line is None:
        return ""
    return line.kind.value.decode() + line.text.decode("utf-8", "backslashreplace").expandtabs()


def _count(number: int, name: str) -> str:
    return f"{number} {name}{'' if number == 1 else 's'}"


def _change(interdiff: Interdiff) -> str:
    if not interdiff.change:
        return "the change itself is as sent"
    return f"{_count(interdiff.change, 'line')} of the change itself"
