"""The hunks of one file, from top to bottom: where each of them lands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from patchkit.patch.model import Hunk, Kind
from patchkit.port.ladder.explain import explained
from patchkit.port.ladder.place import Landing, Miss, Present, Sought
from patchkit.port.ladder.table import EXACT_ONLY, Ladder, climb
from patchkit.port.outcome import How, HunkReport, Outcome
from patchkit.port.spacing.restore import Landed
from patchkit.port.text import Text, key
from patchkit.repair.hunk_counts import TAIL
from patchkit.repair.reading import Reading

# Readings dearer than the likeliest by more than this are not believed, whatever fits: DOUBT for
# one that leaves received lines out, STRETCH for one that accounts for as many.
DOUBT = 2.0
STRETCH = 6.0


def land(
    ways: Sequence[Sequence[Reading]], text: Text, ladder: Ladder
) -> tuple[list[HunkReport], list[Landed]]:
    """Find each hunk's place in *text*: a report for every hunk, and those that landed.

    *ways* are the readings of each hunk; the first that lands is taken, unless another that is
    as likely lands too and means other code.
    """
    reports: list[HunkReport] = []
    landed: list[Landed] = []
    drift = floor = 0
    for number, readings in enumerate(ways, 1):
        report, place = _land([_sought(r, text, drift, floor) for r in readings], readings, ladder)
        reports.append(replace(report, number=number))
        if report.line is None:
            continue
        stated = _stated(readings[0].hunk, Outcome.APPLIED)
        old, new = len(place.hunk.old), len(place.hunk.new)
        if report.outcome is Outcome.APPLIED:
            landed.append(place)
            floor = max(floor, place.at + old)
            drift = place.at - stated
        else:
            # What follows has moved by what the hunk added before.
            floor = max(floor, place.at + new)
            drift = place.at - stated + new - old
    return reports, landed


def _stated(hunk: Hunk, outcome: Outcome) -> int:
    """The index at which the image should begin. diff gives an empty side the line before it."""
    if outcome is Outcome.ALREADY:
        return hunk.new_start - 1 if hunk.new else hunk.new_start
    return hunk.old_start - 1 if hunk.old else hunk.old_start


def _land(
    soughts: Sequence[Sought], readings: Sequence[Reading], ladder: Ladder
) -> tuple[HunkReport, Landed]:
    found: list[tuple[Reading, Landing | Present]] = []
    refusals: list[tuple[Sought, Miss]] = []
    for sought, reading in zip(soughts, readings, strict=True):
        if not _is_believed(reading, readings[0]):
            continue
        # A hunk that is read otherwise than is likeliest must at least fit as it is.
        answer = climb(sought, ladder if reading is readings[0] else EXACT_ONLY)
        if isinstance(answer, Miss):
            refusals.append((sought, answer))
        else:
            found.append((reading, answer))
    if not found:
        return _refused(*refusals[0])
    reading, answer = found[0]
    if any(_rivals(reading, other) for other, _ in found[1:]):
        reason = "the damaged lines can be read in two ways, and both fit"
        return _report(reading.hunk, Outcome.CONFLICT, reason=reason), Landed(reading.hunk, 0)
    applied = isinstance(answer, Landing)
    report = _report(
        reading.hunk,
        Outcome.APPLIED if applied else Outcome.ALREADY,
        how=answer.how,
        line=answer.at + 1,
    )
    hunk = answer.hunk if isinstance(answer, Landing) else None
    return report, Landed(hunk or reading.hunk, answer.at, reading.hunk if hunk else None)


def _sought(reading: Reading, text: Text, drift: int, floor: int) -> Sought:
    stated = _stated(reading.hunk, Outcome.APPLIED)
    cut_off = any(repair.kind == TAIL for repair in reading.repairs)
    stated_new = _stated(reading.hunk, Outcome.ALREADY)
    return Sought(reading.hunk, text, stated, stated_new, stated + drift, floor, cut_off)


def _is_believed(reading: Reading, likeliest: Reading) -> bool:
    """May *reading* be meant, though *likeliest* is?"""
    dearer = reading.cost - likeliest.cost
    return dearer <= (STRETCH if reading.taken >= likeliest.taken else DOUBT)


def _rivals(reading: Reading, other: Reading) -> bool:
    """Does *other* change the code in another way, and explain the damage as well? A reading
    that needs all the repairs of *reading* and more does not."""

    def change(hunk: Hunk) -> list[tuple[Kind, bytes]]:
        return [(ln.kind, key(ln.text)) for ln in hunk.lines if ln.kind is not Kind.CONTEXT]

    def damage(of: Reading) -> set[tuple[str, int]]:
        return {(repair.kind, repair.line) for repair in of.repairs}

    if other.cost > reading.cost + DOUBT:
        return False
    return change(reading.hunk) != change(other.hunk) and not damage(reading) < damage(other)


def _refused(sought: Sought, miss: Miss) -> tuple[HunkReport, Landed]:
    reason, details = explained(sought, miss)
    report = _report(sought.hunk, Outcome.CONFLICT, reason=reason, details=details)
    return report, Landed(sought.hunk, 0)


def _report(
    hunk: Hunk,
    outcome: Outcome,
    *,
    how: How | None = None,
    line: int | None = None,
    reason: str = "",
    details: tuple[str, ...] = (),
) -> HunkReport:
    stated = hunk.new_start if outcome is Outcome.ALREADY else hunk.old_start
    # diff names an empty side by the line before it, 0 at the top of a file.
    return HunkReport(0, outcome, max(stated, 1), how, line, reason, details)
