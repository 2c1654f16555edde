"""In which order patches belong that nobody numbered: by what each needs of the others.

No tree is looked at. Two hunks of one file tell their order by their images alone, as in
git-absorb's commute: where the old image of one is more like the result of the other than like
what the other began with, it was made upon that result.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from heapq import heapify, heappop, heappush
from itertools import combinations, pairwise
from pathlib import PurePosixPath

from patchkit.patch.model import FileChange, Hunk, Kind, Patch
from patchkit.port.ladder.place import TRIVIAL
from patchkit.port.text import key

# Lines in a row that tell one place from another; fewer are alike by chance.
TELLING = 2


def follows(later: Hunk, earlier: Hunk) -> bool:
    """Was *later* made upon the result of *earlier*, a hunk of the same file?"""
    sides = [[key(line.text) for line in side] for side in (later.old, earlier.new, earlier.old)]
    upon, instead = _common(sides[0], sides[1]), _common(sides[0], sides[2])
    return upon >= TELLING and upon > instead


def in_need_of(later: Patch, earlier: Patch) -> bool:
    """Must *earlier* come before *later*? False too where both say so of each other."""
    return _needs(later, earlier) and not _needs(earlier, later)


def dependency_order(patches: Sequence[Patch], fixed: Iterable[int] = ()) -> tuple[int, ...]:
    """The indexes of *patches*, each after those that it needs; nothing else changes places.
    Those of *fixed* keep their order among themselves. Patches that need each other in a circle
    stay as they are."""
    before: dict[int, set[int]] = {index: set() for index in range(len(patches))}
    for one, other in _sharing(patches):
        if in_need_of(patches[one], patches[other]):
            before[one].add(other)
        elif in_need_of(patches[other], patches[one]):
            before[other].add(one)
    chain = sorted(fixed)
    for one, other in pairwise(chain):
        before[other].add(one)
        before[one].discard(other)
    return _sorted(before)


def _sorted(before: dict[int, set[int]]) -> tuple[int, ...]:
    """Each after what is *before* it, otherwise by number; a circle as it stands."""
    after: dict[int, set[int]] = defaultdict(set)
    for index, needed in before.items():
        for other in needed:
            after[other].add(index)
    missing = {index: len(needed) for index, needed in before.items()}
    ready = [index for index, count in missing.items() if not count]
    heapify(ready)
    order: list[int] = []
    while ready:
        index = heappop(ready)
        order.append(index)
        for other in after[index]:
            missing[other] -= 1
            if not missing[other]:
                heappush(ready, other)
    return tuple(order) if len(order) == len(before) else tuple(range(len(before)))


def _sharing(patches: Sequence[Patch]) -> Iterator[tuple[int, int]]:
    """Pairs of patches that name a file in common, the first one first."""
    naming: dict[PurePosixPath, list[int]] = defaultdict(list)
    for index, patch in enumerate(patches):
        for path in {path for change in patch.files for path in _names(change)}:
            naming[path].append(index)
    yield from {pair for indexes in naming.values() for pair in combinations(indexes, 2)}


def _names(change: FileChange) -> tuple[PurePosixPath, ...]:
    return tuple(path for path in (change.old_path, change.new_path) if path is not None)


def _needs(later: Patch, earlier: Patch) -> bool:
    pairs = ((wanted, made) for made in earlier.files for wanted in later.files)
    return any(_file_needs(wanted, made) for wanted, made in pairs)


def _file_needs(wanted: FileChange, made: FileChange) -> bool:
    if made.new_path is None:  # taken away, and made anew
        return wanted.old_path is None and made.old_path == wanted.new_path
    if made.new_path != wanted.old_path:
        return False
    # Made, or called so, by the earlier one; taken away, or called otherwise, by the later one.
    if made.old_path != made.new_path or wanted.new_path != wanted.old_path:
        return True
    return any(follows(b, a) for a in made.hunks for b in wanted.hunks if _may(b, a))


def _may(later: Hunk, earlier: Hunk) -> bool:
    """The cheap half of :func:`follows`: is a line that *earlier* adds, or lines that it brings
    together by removing what stood between, in the old image of *later*?"""
    old = {line.text for line in later.old}
    removes = any(line.kind is Kind.REMOVED for line in earlier.lines)
    return removes or any(line.text in old for line in earlier.lines if line.kind is Kind.ADDED)


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
