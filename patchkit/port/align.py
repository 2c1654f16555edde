"""A hunk's old image beside the target's lines: which line is which, rewritten ones too."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from patchkit.port.ladder.place import TRIVIAL

# A line rewritten since is still the line if this much of it is the same.
ALIKE = 0.6
# A match that continues the one before is worth more than one by itself: hunks are runs.
RUN = 0.35
# What a reformatted line is worth beside the line as it was.
FORMATTED = 0.9
# Above this many pairs of lines, only what differs between unique lines is compared pair by pair.
PAIRS = 20_000
# What a reformatting changes: brackets and blanks, and the comment behind a directive.
FORMAT = re.compile(rb"[\s()]+|/\*.*?(?:\*/|$)")


@dataclass(frozen=True, slots=True)
class Alignment:
    """Indexes of the old image → indexes of the target. ``same`` are equal lines; ``formatted``
    those that only brackets, blanks or comments were changed in; ``rewritten`` those that are
    recognised in spite of more. All ascend together."""

    same: Mapping[int, int]
    formatted: Mapping[int, int]
    rewritten: Mapping[int, int]
    score: float
    size: int  # how many lines the old image has

    @property
    def known(self) -> Mapping[int, int]:
        """Lines that are the author's, whatever their format."""
        return {**self.same, **self.formatted}

    @property
    def start(self) -> int:
        """The first aligned line's index in the target."""
        return min(self._all)

    @property
    def first(self) -> int:
        """Where the first line of the old image would stand."""
        index = min(self.known)
        return max(0, self.known[index] - index)

    @property
    def end(self) -> int:
        """The index behind the last aligned line in the target."""
        return max(self._all) + 1

    @property
    def _all(self) -> tuple[int, ...]:
        return (*self.same.values(), *self.formatted.values(), *self.rewritten.values())


def worth(line: bytes) -> float:
    """How much finding *line* says about where we are."""
    if not line:
        return 0.05
    if line in TRIVIAL or len(line) < 4:
        return 0.2
    return 1.0 + min(len(line), 60) / 60


def align(old: Sequence[bytes], target: Sequence[bytes], offset: int) -> Alignment:
    """The best alignment of *old* with *target*, whose first line has the index *offset* in its
    file. Lines are keys."""
    score = 0.0
    pairs: list[tuple[int, int]] = []
    for i1, i2, j1, j2 in _blocks(old, target):
        if old[i1:i2] == target[j1:j2]:
            pairs += zip(range(i1, i2), range(j1, j2), strict=True)
            score += sum(worth(line) + RUN for line in old[i1:i2])
            continue
        gained, found = _best(old[i1:i2], target[j1:j2])
        score += gained
        pairs += ((i + i1, j + j1) for i, j in found)
    same: dict[int, int] = {}
    formatted: dict[int, int] = {}
    rewritten: dict[int, int] = {}
    for i, j in pairs:
        if old[i] == target[j]:
            same[i] = j + offset
        elif bare(old[i]) == bare(target[j]):
            formatted[i] = j + offset
        else:
            rewritten[i] = j + offset
    return Alignment(same, formatted, rewritten, score, len(old))


def bare(line: bytes) -> bytes:
    """*line* without what a reformatting changes."""
    return FORMAT.sub(b"", line)


def _blocks(old: Sequence[bytes], target: Sequence[bytes]) -> Iterator[tuple[int, int, int, int]]:
    """Ranges of both sides that belong together, small enough to compare pair by pair."""
    if len(old) * len(target) <= PAIRS:
        yield 0, len(old), 0, len(target)
        return
    from patiencediff import PatienceSequenceMatcher

    matcher = PatienceSequenceMatcher(None, list(old), list(target))
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal" or (tag == "replace" and (i2 - i1) * (j2 - j1) <= PAIRS):
            yield i1, i2, j1, j2


def _best(old: Sequence[bytes], target: Sequence[bytes]) -> tuple[float, list[tuple[int, int]]]:
    """The pairs of lines that are worth most together, by dynamic programming."""
    rows, columns = len(old), len(target)
    worths = [worth(line) for line in old]
    bare_old, bare_target = [bare(line) for line in old], [bare(line) for line in target]
    above = [0.0] * (columns + 1)
    # 1: skip old, 2: skip target, 3: a pair
    moves = [bytearray(columns + 1)]
    for i in range(1, rows + 1):
        line, gain = old[i - 1], worths[i - 1]
        row, move, move_above = [0.0] * (columns + 1), bytearray(columns + 1), moves[-1]
        for j in range(1, columns + 1):
            value, kind = (above[j], 1) if above[j] >= row[j - 1] else (row[j - 1], 2)
            other = target[j - 1]
            if line == other:
                score = above[j - 1] + gain + (RUN if move_above[j - 1] == 3 else 0.0)
                if score >= value:
                    value, kind = score, 3
            elif bare_old[i - 1] and bare_old[i - 1] == bare_target[j - 1]:
                score = above[j - 1] + FORMATTED * gain
                if score >= value:
                    value, kind = score, 3
            elif gain >= 1.0 and len(other) >= 4:
                likeness = ratio(line, other)
                if likeness > ALIKE:
                    score = above[j - 1] + gain * (likeness - ALIKE)
                    if score > value:
                        value, kind = score, 3
            row[j], move[j] = value, kind
        moves.append(move)
        above = row
    return above[columns], _traced(moves)


def ratio(one: bytes, other: bytes) -> float:
    """How much of two lines is the same, from 0 to 1; 0 where it is less than ALIKE."""
    shorter, longer = sorted((len(one), len(other)))
    if 2 * shorter < ALIKE * (shorter + longer):
        return 0.0
    from rapidfuzz import fuzz

    return fuzz.ratio(one, other, score_cutoff=100 * ALIKE) / 100


def _traced(moves: list[bytearray]) -> list[tuple[int, int]]:
    pairs: list[tuple[int, int]] = []
    i, j = len(moves) - 1, len(moves[0]) - 1
    while i > 0 and j > 0:
        kind = moves[i][j]
        if kind == 3:
            pairs.append((i - 1, j - 1))
            i, j = i - 1, j - 1
        elif kind == 1:
            i -= 1
        else:
            j -= 1
    return pairs[::-1]
