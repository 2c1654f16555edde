"""Lines that repeat, as in tables: an alignment takes one of several places that are as good."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from patchkit.port.align import Alignment
from patchkit.port.ladder.place import Sought
from patchkit.port.merge.edits import Edit, edits

# Lines around the image, for what the target put in between.
SLACK = 12


def repeats(sought: Sought, alignment: Alignment) -> Iterator[int]:
    """The places at which an edit of *sought* could stand as well. What stands where it is stated
    is in no doubt."""
    if is_at(sought.expected, alignment):
        return
    known = alignment.known
    for edit in edits(sought.hunk):
        run = _run(edit, known)
        if run:
            # The lines around it alone, or with all above, all below, or all.
            first, last = min(known), max(known)
            for group in (run, range(first, run.stop), range(run.start, last + 1), known):
                yield from _shifted(sought, alignment, [i for i in group if i in known], run.start)


def _shifted(
    sought: Sought, alignment: Alignment, group: Sequence[int], index: int
) -> Iterator[int]:
    """Where the line *index* of *group* stands when all of it, further up or down among the
    others, is as good."""
    known, keys = alignment.known, sought.text.keys
    reach = alignment.size + 2 * SLACK
    places = [known[i] for i in group]
    low = max((known[i] + 1 for i in known if i < group[0]), default=places[0] - reach)
    high = min((known[i] for i in known if i > group[-1]), default=places[-1] + reach)
    deltas = range(max(low, sought.floor) - places[0], min(high, len(keys)) - places[-1])
    for delta in deltas:
        if delta and all(keys[place + delta] == keys[place] for place in places):
            yield known[index] + delta


def _run(edit: Edit, known: Mapping[int, int]) -> range:
    """The old lines that stand in a row around *edit*, in the target too."""
    first = last = edit.start if edit.start in known else edit.start - 1
    if first not in known:
        return range(0)
    while known.get(first - 1) == known[first] - 1:
        first -= 1
    while known.get(last + 1) == known[last] + 1:
        last += 1
    return range(first, last + 1)


def is_at(start: int, alignment: Alignment) -> bool:
    """Do all lines stand where they would if the old image began at *start*?"""
    return all(place - index == start for index, place in alignment.known.items())
