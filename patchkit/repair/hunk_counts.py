"""Counts in the ``@@`` line that do not fit the lines: edited by hand, or the tail is missing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from patchkit.patch.raw import RawHunk
from patchkit.repair import signature
from patchkit.repair.damage import Confidence, Repair
from patchkit.repair.step import MARKERS

COUNTS = "hunk-counts"
TAIL = "truncated-tail"
# How many lines may be missing below the change: diff writes three lines of context.
TAIL_LINES = 3
# Of the lines below a hunk's end, those that its price depends on.
LEFT_OVER = 8
LOOK_AHEAD = LEFT_OVER + 2


def last_line(raw: RawHunk) -> int:
    """The number of received lines beyond which no reading of *raw* needs to look: each line
    may have been cut in up to four, and the counts may be off by some."""
    return 4 * (raw.old_count + raw.new_count) + 24


def end_cost(raw: RawHunk, old: int, new: int, rest: Sequence[bytes]) -> float:
    """The price of ending *raw* after *old* and *new* lines, with *rest* left over."""
    return _count_cost(raw, old, new, at_end=_is_end(rest)) + _rest_cost(rest)


def _is_end(rest: Sequence[bytes]) -> bool:
    return not rest or not rest[0].strip() or signature.starts(rest)


def _count_cost(raw: RawHunk, old: int, new: int, *, at_end: bool) -> float:
    old_left, new_left = raw.old_count - old, raw.new_count - new
    if old_left == new_left == 0:
        return 0.0
    if 0 < old_left == new_left <= TAIL_LINES and at_end:
        return 3.0 + 0.5 * old_left
    return 5.0 + 0.5 * (abs(old_left) + abs(new_left))


def _rest_cost(rest: Sequence[bytes]) -> float:
    """Lines that look like more of the hunk and are left out: hardly ever right."""
    left = 0
    for at, line in enumerate(rest[:LEFT_OVER]):
        if line[:1] not in MARKERS or signature.starts(rest[at:]):
            break
        left += 1
    return 8.0 + left if left else 0.0


def repairs(raw: RawHunk, old: int, new: int) -> Iterator[Repair]:
    """The record of a reading with *old* and *new* lines."""
    old_left, new_left = raw.old_count - old, raw.new_count - new
    if old_left == new_left == 0:
        return
    kind = TAIL if 0 < old_left == new_left <= TAIL_LINES else COUNTS
    note = f"said -{raw.old_count} +{raw.new_count}, has -{old} +{new}"
    yield Repair(kind, raw.lineno, Confidence.LIKELY, note)
