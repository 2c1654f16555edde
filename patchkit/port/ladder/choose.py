"""Several places fit: which one is meant, if that can be said beyond doubt."""

from __future__ import annotations

from collections.abc import Sequence

# A place this near (in lines) is taken where the next one is so many times as far away. Farther
# off, the nearest is a twin as often as not: code moves.
NEAR = 10
CLEARLY_NEARER = 4


def choose(places: Sequence[int], sought_at: tuple[int, ...]) -> int | None:
    """The one of *places* that is meant, or None where it is anybody's guess.

    *sought_at* are the indexes where the hunk should be, best first: one that fits is taken; a
    lone place is taken wherever it is; otherwise the nearest, if it is near and clearly so.
    """
    for at in sought_at:
        if at in places:
            return at
    if len(places) <= 1:
        return places[0] if places else None
    nearest, second = sorted(places, key=lambda place: abs(place - sought_at[0]))[:2]
    away = abs(nearest - sought_at[0])
    if away <= NEAR and abs(second - sought_at[0]) >= CLEARLY_NEARER * max(away, NEAR):
        return nearest
    return None
