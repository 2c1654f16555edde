"""A hunk as received → the hunks it may have been, likeliest first.

A damaged hunk does not always have one reading: a line cut in two may start with a marker, a
count may be wrong, a signature begins with a minus. Each damage offers moves for the next line
received, at a price; the readings are the cheapest ways through. The target decides among them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from patchkit.patch.model import Hunk, Kind, Line
from patchkit.patch.raw import RawHunk
from patchkit.repair import (
    hunk_counts,
    list_footer,
    lost_blank_context,
    lost_leading_blank,
    signature,
    wrapped_lines,
)
from patchkit.repair.damage import Repair
from patchkit.repair.step import MARKERS, Move, Step
from patchkit.repair.wrapped_lines import Widths

# Enough to hold every cheap alternative; a hunk's readings differ in few places.
BEAM = 24
# Of paths that stand at the same counts, how many are followed.
ALIKE = 3
READINGS = 8
# A reading this much dearer than the best is not worth a look at the target.
MARGIN = 9.0
# A line costs some 0.3 ms. Damage in a hunk longer than this is for its sender to mend.
LONGEST = 12_000


class Reading(NamedTuple):
    """One way to read a hunk. ``cost`` is 0 for a hunk without damage; ``taken`` is how many of
    the received lines it accounts for."""

    hunk: Hunk
    repairs: tuple[Repair, ...] = ()
    cost: float = 0.0
    taken: int = 0


class _Path(NamedTuple):
    """A way through the lines so far; ``step`` links back to the steps before."""

    cost: float
    old: int
    new: int
    step: Step | None
    taken: int = 0


def readings(raw: RawHunk, widths: Widths) -> tuple[Reading, ...]:
    """The ways to read *raw*, cheapest first; empty only where it has no lines at all, or is
    damaged and too long to search.

    *widths* are those of the lines of the whole mail.
    """
    clean = _as_declared(raw, widths)
    if clean is not None:
        return (clean,)
    if min(len(raw.body), hunk_counts.last_line(raw)) > LONGEST:
        return ()
    ends = sorted(_search(raw, widths), key=lambda end: end.cost)
    found: dict[tuple[Line, ...], Reading] = {}
    for end in ends:
        if end.cost > ends[0].cost + MARGIN or len(found) == READINGS:
            break
        reading = _reading(raw, end)
        if any(line.kind is not Kind.CONTEXT for line in reading.hunk.lines):
            found.setdefault(reading.hunk.lines, reading)
    return tuple(found.values())


def _as_declared(raw: RawHunk, widths: Widths) -> Reading | None:
    """The reading by the counts alone, if every line has its marker and nothing is left over."""
    old, new = raw.old_count, raw.new_count
    lines: list[Line] = []
    repairs: list[Repair] = []
    at = 0
    while at < len(raw.body) and (old > 0 or new > 0 or _no_newline(raw.body[at])):
        text = raw.body[at]
        marker = text[:1]
        if _no_newline(text) and lines:
            lines[-1] = replace(lines[-1], newline=False)
        elif marker in MARKERS:
            lines.append(Line(MARKERS[marker], text[1:]))
        elif not text:
            lines.append(Line(Kind.CONTEXT, b""))
            repairs.append(Repair(*lost_blank_context.repair(raw.body_lineno + at)))
        else:
            return None
        if marker in MARKERS or not text:
            old -= lines[-1].kind is not Kind.ADDED
            new -= lines[-1].kind is not Kind.REMOVED
        at += 1
    if old or new or not signature.ends_hunk(raw.body[at:], raw.body[at - 1], widths):
        return None
    return Reading(Hunk(raw.old_start, raw.new_start, tuple(lines), raw.section), tuple(repairs))


def _search(raw: RawHunk, widths: Widths) -> Iterator[_Path]:
    """Ways through the hunk from a beam search, one received line a round; their costs hold that
    of ending there."""
    paths = [_Path(0.0, 0, 0, None)]
    limit = min(len(raw.body), hunk_counts.last_line(raw))
    best_end = float("inf")
    for at in range(limit + 1):
        for path in paths:
            if path.step is None:
                continue
            rest = raw.body[at : at + hunk_counts.LOOK_AHEAD]
            cost = path.cost + hunk_counts.end_cost(raw, path.old, path.new, rest)
            if wrapped_lines.goes_on(path.step, rest, widths):
                cost += wrapped_lines.LEFT_OUT
            if cost <= best_end + MARGIN:
                best_end = min(best_end, cost)
                yield path._replace(cost=cost, taken=at)
        if at == limit:
            return
        paths = _advance(raw, paths, at, widths, best_end + MARGIN)


def _advance(
    raw: RawHunk, paths: list[_Path], at: int, widths: Widths, worst: float
) -> list[_Path]:
    onward: dict[tuple[int, int], list[_Path]] = {}
    for path in paths:
        for move in _moves(raw, path.step, at, widths):
            step = move.step
            grown = 0 if step.joined else 1
            further = _Path(
                path.cost + move.cost,
                path.old + (grown if step.kind is not Kind.ADDED else 0),
                path.new + (grown if step.kind is not Kind.REMOVED else 0),
                step,
            )
            if further.cost <= worst:
                onward.setdefault((further.old, further.new), []).append(further)
    kept = [
        path
        for alike in onward.values()
        for path in sorted(alike, key=lambda path: path.cost)[:ALIKE]
    ]
    return sorted(kept, key=lambda path: path.cost)[:BEAM]


def _no_newline(text: bytes) -> bool:
    """diff's remark on the line before; its words are in the user's language."""
    return text.startswith(b"\\ ") and text[2:3].isalpha()


def _moves(raw: RawHunk, last: Step | None, at: int, widths: Widths) -> Iterator[Move]:
    text, lineno = raw.body[at], raw.body_lineno + at
    if _no_newline(text) and last is not None:
        yield Move(0.0, replace(last, joined=True, newline=False))
        return
    if text[:1] in MARKERS:
        yield Move(0.0, Step(last, MARKERS[text[:1]], text[1:], received=text))
    yield from lost_blank_context.moves(last, text, lineno)
    yield from lost_leading_blank.moves(last, text, lineno)
    yield from wrapped_lines.moves(last, text, lineno, widths)
    following = raw.body[at + 1] if at + 1 < len(raw.body) else b""
    yield from list_footer.moves(last, text, following, lineno)


def _reading(raw: RawHunk, path: _Path) -> Reading:
    steps: list[Step] = []
    step = path.step
    while step is not None:
        steps.append(step)
        step = step.before
    steps.reverse()
    lines = tuple(Line(step.kind, step.text, newline=step.newline) for step in steps)
    repairs = [repair for step in steps for repair in step.repairs]
    repairs += hunk_counts.repairs(raw, path.old, path.new)
    hunk = Hunk(raw.old_start, raw.new_start, lines, raw.section)
    return Reading(hunk, tuple(repairs), path.cost, path.taken)
