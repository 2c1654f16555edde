"""The ladder, from certain to daring. A further strategy is a file here and a row."""

from __future__ import annotations

from collections.abc import Callable

from patchkit.port.ladder.drifted import already
from patchkit.port.ladder.place import Answer, Landing, Miss, Present, Sought
from patchkit.port.ladder.verbatim import exact, white_space

LADDER: tuple[Callable[[Sought], Answer], ...] = (exact, white_space, already)


def climb(sought: Sought) -> Answer:
    """The first rung's answer that holds; the first refusal that names places, if none does."""
    refusal = Miss("not found")
    for rung in LADDER:
        answer = rung(sought)
        if isinstance(answer, Landing | Present):
            return answer
        if answer.places:
            # Doubt between places is not resolved by being less strict.
            return answer
        if rung is exact or refusal.reason == "not found":
            refusal = answer
    return refusal
