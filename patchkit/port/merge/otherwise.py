"""A change that the target may have in other words: worth a look before it is made by hand."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from patchkit.patch.model import Hunk
from patchkit.port.align import Alignment
from patchkit.port.merge.edits import Edit
from patchkit.port.text import Text

WORD = re.compile(rb"\w+")
# Lines beyond the last one that is recognised, where the target goes on otherwise.
BEYOND = 3


class Likeness(NamedTuple):
    """Indexes of the target's lines that say what an edit does."""

    first: int
    last: int


def otherwise(
    edits: Sequence[Edit], hunk: Hunk, alignment: Alignment, target: Text
) -> Likeness | None:
    """The target's lines, if they have what each of *edits* brings and nothing that it takes
    away, and did not have it when the patch was made. None where a word says otherwise, or none
    says anything."""
    spans = [_span(edit, alignment, target) for edit in edits]
    old = [line.text for line in hunk.old]
    says_something = False
    for edit, (above, below, lines) in zip(edits, spans, strict=True):
        base, ours = _words(old[above:below]), _words(target.lines[lines.first : lines.last])
        added = _words(line.text for line in edit.added)
        removed = _words(old[edit.start : edit.end])
        brings, takes = added - removed, removed - added
        if brings - (ours - base) or (takes.keys() - added.keys()) & ours.keys():
            return None
        # Without a word of its own, a change of marks: among the same words it may be there.
        stays = bool(added) and not added - ours
        says_something = says_something or bool(brings or takes) or stays
    if not says_something:
        return None
    return Likeness(min(s.first for _, _, s in spans), max(s.last for _, _, s in spans))


def _span(edit: Edit, alignment: Alignment, target: Text) -> tuple[int, int, Likeness]:
    """The old lines around *edit* that nobody recognises any more, and what stands there now."""
    known = alignment.known
    above = max((i for i in known if i < edit.start), default=None)
    below = min((i for i in known if i >= edit.end), default=None)
    beyond = edit.end - edit.start + BEYOND
    last = len(target) if below is None else known[below]
    first = max(0, last - beyond) if above is None else known[above] + 1
    if below is None:
        last = min(last, first + beyond)
    start = edit.start if above is None else above + 1
    return start, edit.end if below is None else below, Likeness(first, last)


def _words(lines: Iterable[bytes]) -> Counter[bytes]:
    return Counter(word for line in lines for word in WORD.findall(line))
