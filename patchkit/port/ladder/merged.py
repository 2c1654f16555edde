"""The context was rewritten: the hunk's edits go where an alignment with the target puts them.

A three-way merge with the old image as the base: what the target changed since stays, what the
patch changes is changed, and where both touch the same lines it is a conflict.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from patchkit.patch.model import Hunk, Kind, Line
from patchkit.port.align import Alignment, align, bare, worth
from patchkit.port.ladder.choose import CLEARLY_NEARER
from patchkit.port.ladder.place import TRIVIAL, Answer, Landing, Miss, Present, Sought
from patchkit.port.ladder.repeats import SLACK, is_at, repeats
from patchkit.port.ladder.section import in_section
from patchkit.port.merge.clash.table import settled
from patchkit.port.merge.edits import Placed, Refused, Tie, edits, place_edit
from patchkit.port.merge.otherwise import otherwise
from patchkit.port.outcome import How
from patchkit.port.text import key

# A line that stands more often than this says nothing about the place.
COMMON = 30
CANDIDATES = 4
# The next best place must be this much worse, as a part of the best one's score.
RUNNER_UP = 0.75
TWIN = 0.97
# Where the lines of the change and those beside it all stand, only a place as good is a rival:
# tables and drivers repeat their context, and the change itself then tells which is meant.
FIRM, FIRM_RUNNER_UP = 0.6, 0.92
# How far from where it is expected a place is still near.
NEAR = 25


class Fit(NamedTuple):
    """A place for the whole hunk, and what speaks for it."""

    alignment: Alignment
    placed: tuple[Placed, ...]
    refused: tuple[Refused, ...]
    share: float  # of what the old image is worth, how much is there
    rival: float  # the next best place's score, as a part of this one's
    tie: Tie
    is_near: bool  # it is where it should be, and the rival is not


def merged(sought: Sought) -> Answer:
    """Edits placed one by one, where their surroundings leave no doubt."""
    fit = best_fit(sought)
    if fit is None:
        return Miss()
    doubt = _doubt(sought, fit)
    if doubt is not None:
        return doubt
    if all(place.is_there for place in fit.placed):
        return Present(fit.alignment.start, How.DRIFT)
    if not sought.adds and _stands(sought, fit):
        return Miss("what it leaves stands there: it may be made already")
    hunk, at = adapted(sought, fit)
    return Landing(at, How.TOKEN if fit.alignment.formatted else How.DRIFT, hunk)


def refusal(sought: Sought, fit: Fit) -> Miss:
    """Why the edits of *fit* have no place, and where the target may have them in other words."""
    reason = fit.refused[0].reason
    edits_ = [each.edit for each in fit.refused]
    there = otherwise(edits_, sought.hunk, fit.alignment, sought.text)
    if there is None:
        return Miss(reason)
    shown = f"line {there.last}"
    if there.last > there.first + 1:
        shown = f"lines {there.first + 1} to {there.last}"
    return Miss(f"{reason}, and {shown} may have it already, in other words")


def _doubt(sought: Sought, fit: Fit) -> Miss | None:
    """What speaks against the place of *fit*."""
    if fit.refused:
        return refusal(sought, fit)
    if not is_sure(fit):
        return Miss("too little of its context is left to be sure")
    twins = tuple(dict.fromkeys(repeats(sought, fit.alignment)))
    if twins:
        return Miss("the lines around its change stand several times there", twins)
    return None


def _stands(sought: Sought, fit: Fit) -> bool:
    """Does the new image stand where the old one is believed to be? After a removal among lines
    that repeat, the one that stays must not go too."""
    new = tuple(key(line) for line in sought.new)
    start, end = fit.alignment.start - len(new), fit.alignment.end + 1
    return any(start < at < end for at in sought.text.loose.places(new)) if new else False


def is_sure(fit: Fit) -> bool:
    """Is *fit* beyond doubt? The bounds are calibrated: docs/porting.md has the table."""
    is_firm = fit.tie is Tie.FREE and fit.share >= FIRM
    if fit.rival > (TWIN if fit.is_near else FIRM_RUNNER_UP if is_firm else RUNNER_UP):
        return False
    if fit.tie is Tie.FREE:
        return fit.share >= 0.4
    return fit.tie <= Tie.SETTLED and fit.share >= 0.5


def best_fit(sought: Sought) -> Fit | None:
    """The best place for the hunk, however bad."""
    old = tuple(key(line) for line in sought.old)
    found: list[tuple[float, Alignment]] = []
    votes = _votes_for(sought, old)
    for start in _candidates(sought, votes):
        low = max(sought.floor, start - SLACK)
        window = sought.text.keys[low : max(low, start + len(old) + SLACK)]
        alignment = align(old, window, low)
        # Without a line that tells a place, in a table, only the stated place is one.
        if alignment.known and (votes or is_at(sought.expected, alignment)):
            found.append((alignment.score, alignment))
    if not found:
        return None
    meant = in_section(sought, [alignment.first for _, alignment in found])
    found = [pair for pair in found if pair[1].first in meant]
    found.sort(key=lambda pair: -pair[0])
    score, alignment = found[0]
    rival, other = next(
        ((other, theirs) for other, theirs in found[1:] if _apart(theirs, alignment)), (0.0, None)
    )
    away = abs(alignment.start - sought.expected)
    is_near = away <= NEAR and (
        other is None or abs(other.start - sought.expected) >= CLEARLY_NEARER * away + NEAR
    )
    return fit_of(sought, alignment)._replace(rival=rival / score, is_near=is_near)


def fit_of(sought: Sought, alignment: Alignment) -> Fit:
    """The hunk's edits where *alignment* puts them, with no rival."""
    answers = {edit: place_edit(edit, alignment, sought.text.keys) for edit in edits(sought.hunk)}
    placed = {edit: answer for edit, answer in answers.items() if isinstance(answer, Placed)}
    refused = [answer for answer in answers.values() if isinstance(answer, Refused)]
    # An edit whose place is a guess may be beyond doubt by what became of the lines around it.
    firm = {edit: place for edit, place in placed.items() if place.tie <= Tie.SETTLED}
    made = None
    if len(firm) < len(answers):
        made = settled(sought, alignment, firm, [edit for edit in answers if edit not in firm])
    if made is None and refused and len(firm) < len(placed):
        made = settled(sought, alignment, placed, [each.edit for each in refused])
    if made is not None:
        refused = []
    places = list(placed.values()) if made is None else made
    worths = [worth(key(line)) for line in sought.old]
    share = sum(worths[index] for index in alignment.known) / (sum(worths) or 1.0)
    tie = max((place.tie for place in places), default=Tie.LOOSE)
    return Fit(alignment, tuple(places), tuple(refused), share, 0.0, tie, True)


def _apart(one: Alignment, other: Alignment) -> bool:
    """Do two alignments use different lines of the target?"""
    return not set(one.known.values()) & set(other.known.values())


def _votes_for(sought: Sought, old: Sequence[bytes]) -> Counter[int]:
    """Where the image may begin, by its telling lines."""
    keys = sought.text.keys
    votes = _votes(old, keys, sought.floor)
    if not votes:  # not a telling line is left as it was: reformatted, perhaps
        votes = _votes([bare(line) for line in old], [bare(line) for line in keys], sought.floor)
    return votes


def _candidates(sought: Sought, votes: Counter[int]) -> Iterator[int]:
    """Where the image may begin: where it is expected, and by *votes*."""
    spread: Counter[int] = Counter()
    for start, count in votes.items():
        for near in range(start - 3, start + 4):
            if near in votes:
                spread[near] += count
    yielded: list[int] = []
    ranked = sorted(spread, key=lambda at: (-spread[at], abs(at - sought.expected)))
    for start in (sought.expected, *ranked):
        if all(abs(start - other) > SLACK // 2 for other in yielded):
            yielded.append(start)
            yield start
        if len(yielded) > CANDIDATES:
            return


def _votes(old: Sequence[bytes], target: Sequence[bytes], floor: int) -> Counter[int]:
    """Where the image would begin by each of its telling lines; rare ones have more votes."""
    places: dict[bytes, list[int]] = {}
    wanted = {line for line in old if line not in TRIVIAL}
    for at, line in enumerate(target):
        if line in wanted and at >= floor:
            places.setdefault(line, []).append(at)
    votes: Counter[int] = Counter()
    for index, line in enumerate(old):
        here = places.get(line, ())
        if len(here) <= COMMON:
            for at in here:
                votes[at - index] += 12 // len(here) or 1
    return votes


def adapted(sought: Sought, fit: Fit) -> tuple[Hunk, int]:
    """The hunk rewritten for the target: its context is what stands there. Lines that the mail
    has too are as received, so that the law of its white space can be learnt."""
    text, old = sought.text, sought.hunk.old
    from_old = {place: old[index].text for index, place in fit.alignment.same.items()}
    start = min(fit.alignment.start, *(place.start for place in fit.placed))
    end = max(fit.alignment.end, *(place.end for place in fit.placed))
    lines: list[Line] = []
    at = start
    for place in sorted(fit.placed, key=lambda each: each.start):
        if place.is_there:
            continue
        lines += _lines(Kind.CONTEXT, text.lines, from_old, at, place.start)
        lines += _lines(Kind.REMOVED, text.lines, from_old, place.start, place.end)
        lines += place.added
        at = place.end
    lines += _lines(Kind.CONTEXT, text.lines, from_old, at, end)
    hunk = Hunk(start + 1, start + 1, tuple(lines), sought.hunk.section, sought.hunk.spacing)
    return hunk, start


def _lines(
    kind: Kind, lines: Sequence[bytes], from_old: dict[int, bytes], start: int, end: int
) -> Iterator[Line]:
    for at in range(start, end):
        yield Line(kind, from_old.get(at, lines[at]))
