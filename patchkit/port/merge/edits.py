"""A hunk as edits of its old image, and where an alignment puts each of them in the target."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import IntEnum
from typing import NamedTuple

from patchkit.patch.model import Hunk, Kind, Line
from patchkit.port.align import Alignment
from patchkit.port.text import key

# A shorter line may well stand in what both sides put in: "help", "return -EIO;".
TELLING_LETTERS = 16


class Edit(NamedTuple):
    """Old lines ``start`` to ``end`` (indexes of the old image) become ``added``."""

    start: int
    end: int
    added: tuple[Line, ...]


class Tie(IntEnum):
    """How an edit is tied to the target, firmest first."""

    FREE = 0  # both neighbours stand beside it, as in the patch
    TOUCHED = 1  # a neighbour was changed or removed
    SETTLED = 2  # the target changed the same lines, and what becomes of both is beyond doubt
    BESIDE = 3  # the target has new lines right beside the lines that it removes
    LOOSE = 4  # only lines that were rewritten, or are further off, tell the place


class Placed(NamedTuple):
    """Target lines ``start`` to ``end`` (indexes of the file) become ``added``; ``edit`` is
    None where the change is there already."""

    start: int
    end: int
    added: tuple[Line, ...]
    tie: Tie
    is_there: bool = False


class Refused(NamedTuple):
    """An edit without a place, and why."""

    edit: Edit
    reason: str


def edits(hunk: Hunk) -> Iterator[Edit]:
    """The changes of *hunk*, in order."""
    at = start = 0
    added: list[Line] = []
    changing = False
    for line in (*hunk.lines, Line(Kind.CONTEXT, b"")):
        if line.kind is Kind.CONTEXT:
            if changing:
                yield Edit(start, at, tuple(added))
            changing, added = False, []
            at += 1
            continue
        if not changing:
            changing, start = True, at
        if line.kind is Kind.ADDED:
            added.append(line)
        else:
            at += 1


def place_edit(edit: Edit, alignment: Alignment, target: Sequence[bytes]) -> Placed | Refused:
    """Where *edit* goes among *target*, the keys of the file's lines."""
    if edit.start == edit.end:
        return _insertion(edit, alignment, target)
    return _replacement(edit, alignment, target)


def _replacement(edit: Edit, alignment: Alignment, target: Sequence[bytes]) -> Placed | Refused:
    same = alignment.same
    found = [same.get(index) for index in range(edit.start, edit.end)]
    if all(place is not None for place in found):
        first, last = found[0], found[-1]
        assert first is not None
        assert last is not None
        if last - first + 1 == len(found):
            return Placed(first, last + 1, edit.added, _tie(edit, first, last + 1, alignment))
        return Refused(edit, "something was put between the lines that it removes")
    if all(place is None for place in found):
        return _done_before(edit, alignment, target) or Refused(
            edit, "the lines that it removes are not there"
        )
    return Refused(edit, "some of the lines that it removes were changed")


def _insertion(edit: Edit, alignment: Alignment, target: Sequence[bytes]) -> Placed | Refused:
    known = alignment.known
    above, below = known.get(edit.start - 1), known.get(edit.start)
    is_free = above is not None and below is not None and above + 1 == below
    done = None if is_free else _done_before(edit, alignment, target)
    if done is not None:
        return done
    if _is_shared(edit, alignment, target):
        return Refused(edit, "some of the lines that it adds were put in the same place")
    if is_free:
        assert below is not None
        return Placed(below, below, edit.added, Tie.FREE)
    if above is not None and below is not None:
        return Refused(edit, "other lines were put in the same place")
    return _beside_one(edit, alignment, target)


def _beside_one(edit: Edit, alignment: Alignment, target: Sequence[bytes]) -> Placed | Refused:
    """An insertion of which at most one neighbour is left."""
    above, below = alignment.known.get(edit.start - 1), alignment.known.get(edit.start)
    if above is not None:
        return Placed(above + 1, above + 1, edit.added, Tie.TOUCHED)
    if below is not None:
        place = _above_blanks(edit, below, alignment, target)
        return Placed(place, place, edit.added, Tie.TOUCHED)
    return _loose(edit, alignment)


def _is_shared(edit: Edit, alignment: Alignment, target: Sequence[bytes]) -> bool:
    """Did the target get lines that *edit* adds, between the lines around it?"""
    known = alignment.known
    above = max((known[i] for i in known if i < edit.start and target[known[i]]), default=None)
    below = min((known[i] for i in known if i >= edit.start and target[known[i]]), default=None)
    if above is None and below is None:
        return False
    reach = 2 * len(edit.added)
    first = max(0, below - reach) if above is None and below is not None else (above or 0) + 1
    last = first + reach if below is None else below
    added = {text for line in edit.added if len(text := key(line.text)) >= TELLING_LETTERS}
    return not added.isdisjoint(target[first:last])


def _above_blanks(edit: Edit, below: int, alignment: Alignment, target: Sequence[bytes]) -> int:
    """Below a block whose last lines are gone, the blank line that was put after the block
    since belongs to what follows: the addition goes to the block."""
    highest = max((place for i, place in alignment.known.items() if i < edit.start), default=below)
    place = below
    while place - 1 > highest and not target[place - 1]:
        place -= 1
    return place if place - 1 == highest else below


def _tie(edit: Edit, start: int, end: int, alignment: Alignment) -> Tie:
    """Are the neighbours of a replacement where they were?"""
    sides = (
        (edit.start - 1, alignment.same.get(edit.start - 1), start - 1),
        (edit.end, alignment.same.get(edit.end), end),
    )
    size = alignment.size
    ties = [
        Tie.FREE if found == wanted or not 0 <= index < size
        else Tie.TOUCHED if found is None
        else Tie.BESIDE
        for index, found, wanted in sides
    ]  # fmt: skip
    return max(ties)


def _loose(edit: Edit, alignment: Alignment) -> Placed | Refused:
    """Between the nearest lines that are still recognised."""
    known = {**alignment.known, **alignment.rewritten}
    above = max((index for index in known if index < edit.start), default=None)
    below = min((index for index in known if index >= edit.start), default=None)
    if above is not None and edit.start - 1 - above <= (below or edit.start) - edit.start + 2:
        place = known[above] + 1
    elif below is not None:
        place = known[below]
    else:
        return Refused(edit, "nothing around it is left")
    return Placed(place, place, edit.added, Tie.LOOSE)


def _done_before(edit: Edit, alignment: Alignment, target: Sequence[bytes]) -> Placed | None:
    """Is what *edit* adds there already, between the lines around it?"""
    known = {**alignment.known, **alignment.rewritten}
    above = max((known[index] for index in known if index < edit.start), default=None)
    below = min((known[index] for index in known if index >= edit.end), default=None)
    wanted = [key(line.text) for line in edit.added]
    if above is None or below is None:
        return None
    if not wanted:
        beside = alignment.known.get(edit.start - 1) == above and above + 1 == below
        is_gone = beside and alignment.known.get(edit.end) == below
        return Placed(below, below, (), Tie.TOUCHED, is_there=True) if is_gone else None
    between = list(target[above + 1 : below])
    for at in range(len(between) - len(wanted) + 1):
        if between[at : at + len(wanted)] == wanted:
            start = above + 1 + at
            return Placed(start, start + len(wanted), (), Tie.TOUCHED, is_there=True)
    return None
