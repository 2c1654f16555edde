"""Original and port of one hunk side by side: what was adapted, for a reviewer.

``interdiff`` of patchutils needs both patches to fit one file; here each line of the one is
matched with the line of the other that it is, however their contexts drifted apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import NamedTuple

from patchkit.patch.model import Hunk, Kind, Line
from patchkit.port.text import key

# Two lines this much alike, in the same place, are one line rewritten.
ALIKE = 0.5


class Row(NamedTuple):
    """A line of the hunk as sent beside the line that it became; None on a side without one."""

    sent: Line | None
    landed: Line | None

    @property
    def is_same(self) -> bool:
        """But for white space, which is the target's own."""
        return (
            self.sent is not None
            and self.landed is not None
            and self.sent.kind is self.landed.kind
            and key(self.sent.text) == key(self.landed.text)
        )

    @property
    def is_context(self) -> bool:
        """Does the row leave what the patch changes alone?"""
        return all(line is None or line.kind is Kind.CONTEXT for line in self)


@dataclass(frozen=True, slots=True)
class Interdiff:
    """The rows of a hunk, in order."""

    rows: tuple[Row, ...]

    @property
    def context(self) -> int:
        """How many rows of context differ."""
        return sum(row.is_context and not row.is_same for row in self.rows)

    @property
    def change(self) -> int:
        """How many added or removed lines differ."""
        return sum(not row.is_context and not row.is_same for row in self.rows)


def interdiff(sent: Hunk, landed: Hunk) -> Interdiff:
    """The hunk as *sent* beside the hunk as it *landed*."""
    one = [(line.kind, key(line.text)) for line in sent.lines]
    other = [(line.kind, key(line.text)) for line in landed.lines]
    rows: list[Row] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, one, other, False).get_opcodes():
        left, right = sent.lines[i1:i2], landed.lines[j1:j2]
        if tag == "equal":
            rows += map(Row, left, right)
        else:
            rows += _paired(left, right)
    return Interdiff(tuple(rows))


def _paired(left: Sequence[Line], right: Sequence[Line]) -> Iterator[Row]:
    """Lines that differ: those of one kind that are alike, in order, are one line rewritten."""
    at = 0
    for line in left:
        match = next((j for j in range(at, len(right)) if _alike(line, right[j])), None)
        if match is None:
            yield Row(line, None)
            continue
        yield from (Row(None, other) for other in right[at:match])
        yield Row(line, right[match])
        at = match + 1
    yield from (Row(None, other) for other in right[at:])


def _alike(one: Line, other: Line) -> bool:
    if one.kind is not other.kind:
        return False
    return SequenceMatcher(None, key(one.text), key(other.text), False).ratio() >= ALIKE
