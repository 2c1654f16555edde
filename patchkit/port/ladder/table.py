"""The ladder, from certain to daring. A further strategy is a file here and a row."""

from __future__ import annotations

from collections.abc import Callable

from patchkit.port.ladder.drifted import already
from patchkit.port.ladder.merged import merged
from patchkit.port.ladder.place import Answer, Landing, Miss, Present, Sought
from patchkit.port.ladder.verbatim import exact, white_space

Rung = Callable[[Sought], Answer]
Ladder = tuple[Rung, ...]

# Nothing of the hunk is adapted but white space.
EXACT_ONLY: Ladder = (exact, white_space, already)
# The hunk's context may have been rewritten since.
ADAPTING: Ladder = (*EXACT_ONLY, merged)


def adapts(ladder: Ladder) -> bool:
    """May *ladder* change more of a hunk than its white space?"""
    return any(rung not in EXACT_ONLY for rung in ladder)


def climb(sought: Sought, ladder: Ladder) -> Answer:
    """The first rung's answer that holds; the most telling refusal if none does."""
    refusals: list[Miss] = []
    for rung in ladder:
        answer = rung(sought)
        if isinstance(answer, Landing | Present):
            return answer
        refusals.append(answer)
        if answer.places and rung is not exact:
            # Doubt between places is not resolved by being less strict.
            break
    between = next((miss for miss in refusals if miss.places), None)
    return between or next((miss for miss in reversed(refusals) if miss.reason), Miss())
