"""Patches that nobody numbered, in the order in which they need each other."""

from __future__ import annotations

from collections.abc import Sequence

from patchkit.flows.intake.extract_mail import Extracted
from patchkit.inspect.order import member, ordered

# Pairs are compared; what stands further down keeps its place.
MOST = 200


def reordered(left: Sequence[Extracted]) -> list[Extracted] | None:
    """*left*, the first of which is in conflict, with that one behind the patches that it needs;
    None where its number says where it belongs, or it needs none of the others."""
    if left[0].message.number.n is not None:
        return None
    near, far = left[:MOST], left[MOST:]
    numbered = [at for at, one in enumerate(near, 1) if one.message.number.n is not None]
    order = ordered([member(one.patch.files) for one in near], numbered).order
    return [*(near[at - 1] for at in order), *far] if order[0] != 1 else None
