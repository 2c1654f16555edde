"""Whether a change of a file was made upon another one's result: by the two alone, without a tree.

Two hunks of one file tell their order by their images, as in git-absorb's commute: where the old
image of one is more like the result of the other than like what the other began with, it was made
upon that result.
"""

from __future__ import annotations

from collections.abc import Sequence

from patchkit.patch.model import FileChange, Hunk, Kind
from patchkit.port.ladder.place import TRIVIAL
from patchkit.port.text import key

# Shorter lines stand in many places of a file: one of them, alone, is alike by chance.
LONG = 8
# More than any lines say.
CERTAIN = 1_000_000


def upon(later: FileChange, earlier: FileChange) -> int:
    """How sure it is that *later* was made upon the result of *earlier*; 0 if nothing says so."""
    if earlier.new_path is None:  # taken away, and made anew
        is_anew = later.old_path is None and earlier.old_path == later.new_path
        return CERTAIN if is_anew else 0
    if earlier.new_path != later.old_path:
        return 0
    # Made, or called so, by the earlier one; taken away, or called otherwise, by the later one.
    if names_anew(earlier) or names_anew(later):
        return CERTAIN
    return max((_hunk_upon(b, a) for a in earlier.hunks for b in later.hunks), default=0)


def names_anew(change: FileChange) -> bool:
    """Is there a file of another name after *change*, or none?"""
    return change.old_path != change.new_path


def _hunk_upon(later: Hunk, earlier: Hunk) -> int:
    if not _may(later, earlier):
        return 0
    old, made, before = (
        [key(line.text) for line in side] for side in (later.old, earlier.new, earlier.old)
    )
    alike = _common(old, made)
    if alike <= _common(old, before):
        return 0
    return alike if alike > 1 or _shared_long_line(old, earlier) else 0


def _may(later: Hunk, earlier: Hunk) -> bool:
    """The cheap half: is a line that *earlier* adds, or are lines that it brings together by
    removing what stood between, in the old image of *later*?"""
    old = {line.text for line in later.old}
    removes = any(line.kind is Kind.REMOVED for line in earlier.lines)
    return removes or any(line.text in old for line in earlier.lines if line.kind is Kind.ADDED)


def _shared_long_line(old: Sequence[bytes], earlier: Hunk) -> bool:
    added = {key(line.text) for line in earlier.lines if line.kind is Kind.ADDED}
    return any(len(text) >= LONG for text in added.intersection(old) - TRIVIAL)


def _common(one: Sequence[bytes], other: Sequence[bytes]) -> int:
    """The most telling lines that stand in a row in both."""
    best = 0
    row = [0] * (len(other) + 1)
    for line in one:
        above, row = row, [0] * (len(other) + 1)
        for at, text in enumerate(other):
            if line == text:
                # Lines that stand everywhere carry a row on, and count for nothing.
                row[at + 1] = above[at] + (line not in TRIVIAL)
                best = max(best, row[at + 1])
    return best
