"""One line of a hunk while it is being read, linked to the one before it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from patchkit.patch.model import Kind
from patchkit.repair.damage import Repair

MARKERS = {b" ": Kind.CONTEXT, b"-": Kind.REMOVED, b"+": Kind.ADDED}


@dataclass(frozen=True, slots=True)
class Step:
    """A line of the hunk; ``joined`` where the last line received became a part of it."""

    before: Step | None
    kind: Kind
    text: bytes
    repairs: tuple[Repair, ...] = ()
    joined: bool = False
    newline: bool = True
    # The last piece as received, marker included: was it long enough to be cut?
    received: bytes = b""


class Move(NamedTuple):
    """A way to take the next line, and its price: 0 is no damage, 10 is hardly believed."""

    cost: float
    step: Step
