"""With the base at hand: what the target changed since stays, what the patch changes is changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from patchkit.port.align import Alignment, align
from patchkit.port.ladder.merged import adapted, fit_of, refusal
from patchkit.port.ladder.place import Answer, Landing, Miss, Present, Sought
from patchkit.port.merge.base import Base
from patchkit.port.merge.edits import Tie
from patchkit.port.outcome import How


class ThreeWay:
    """The rung for the hunks of one file, whose base is known."""

    def __init__(self, base: Base) -> None:
        self._base = base
        self._whole: Alignment | None = None

    def __call__(self, sought: Sought) -> Answer:
        """Place the edits of the hunk where the lines of the base went."""
        for reading, place in zip(self._base.readings, self._base.places, strict=True):
            if reading.hunk is sought.hunk:
                return self._placed(sought, place)
        return Miss("the base was found with another reading of the hunk")

    def _placed(self, sought: Sought, place: int) -> Answer:
        if self._whole is None:
            self._whole = align(self._base.text.keys, sought.text.keys, 0)
        alignment = _part(self._whole, place, len(sought.hunk.old))
        if not alignment.known:
            return Miss("all of its context is gone from the target")
        fit = fit_of(sought, alignment)
        if fit.refused:
            return refusal(sought, fit)
        if fit.tie > Tie.SETTLED:
            return Miss("the target changed the same lines")
        if all(each.is_there for each in fit.placed):
            return Present(alignment.start, How.MERGE)
        hunk, at = adapted(sought, fit)
        if at < sought.floor:
            return Miss("its lines stand in another order in the target")
        return Landing(at, How.MERGE, hunk)


def _part(whole: Alignment, start: int, size: int) -> Alignment:
    """The alignment of *size* lines of the base from *start*."""

    def part(of: Mapping[int, int]) -> dict[int, int]:
        return {i - start: j for i, j in of.items() if start <= i < start + size}

    return replace(
        whole,
        same=part(whole.same),
        formatted=part(whole.formatted),
        rewritten=part(whole.rewritten),
        size=size,
    )
