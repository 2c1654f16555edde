"""Which removed line each added line is a form of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from patchkit.port.text import key

# Two lines this much alike are one line edited.
ALIKE = 60.0
# Larger changes are compared in steps of this many lines only.
WINDOW = 40


class Twin(NamedTuple):
    """A removed line, and its index among those."""

    line: bytes
    at: int


def twins(added: Sequence[bytes], gone: Sequence[bytes]) -> list[Twin | None]:
    """For each line of *added* the line of *gone* that it is a form of, in order: pairs do not
    cross, and together are as much alike as can be."""
    if not gone or not added:
        return [None] * len(added)
    from rapidfuzz.fuzz import ratio

    ours = [key(line) for line in added]
    theirs = [key(line) for line in gone]
    # best[i][j]: of the first i and j lines; a step left, up, or a pair.
    best = [[0.0] * (len(theirs) + 1)]
    paired: list[list[float]] = []
    for i, our in enumerate(ours):
        row, scores = [0.0], []
        middle = i * len(theirs) // len(ours)
        for j, their in enumerate(theirs):
            score = 0.0
            if our and their and abs(j - middle) <= WINDOW:
                score = ratio(our, their, score_cutoff=ALIKE)
            scores.append(score)
            row.append(max(row[-1], best[i][j + 1], best[i][j] + score if score else 0.0))
        best.append(row)
        paired.append(scores)
    found: list[Twin | None] = [None] * len(added)
    i, j = len(ours), len(theirs)
    while i and j:
        score = paired[i - 1][j - 1]
        if score and best[i][j] == best[i - 1][j - 1] + score:
            i, j = i - 1, j - 1
            found[i] = Twin(gone[j], j)
        elif best[i][j] == best[i - 1][j]:
            i -= 1
        else:
            j -= 1
    return found
