"""What a side made of some lines, as steps of whole lines."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from patchkit.port.text import key


class Step(NamedTuple):
    """Lines ``start`` to ``end`` of the base became ``lines``."""

    start: int
    end: int
    lines: tuple[bytes, ...]

    @property
    def is_insertion(self) -> bool:
        return self.start == self.end


def steps(base: Sequence[bytes], side: Sequence[bytes]) -> list[Step]:
    """What *side* changed in *base*, white space apart."""
    matcher = SequenceMatcher(None, keys(base), keys(side), False)
    return [
        Step(start, end, tuple(side[first:last]))
        for tag, start, end, first, last in matcher.get_opcodes()
        if tag != "equal"
    ]


def keys(lines: Sequence[bytes]) -> list[bytes]:
    """The lines but for their white space."""
    return [key(line) for line in lines]
