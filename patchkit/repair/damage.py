"""What a repair is on record as."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple


class Confidence(Enum):
    """How sure a repair is of the author's bytes."""

    CERTAIN = "certain"  # nothing else could have been meant
    LIKELY = "likely"  # the counts or the target agree
    DOUBTFUL = "doubtful"  # something may be lost: a person should look


class Repair(NamedTuple):
    """One mended place. ``line`` counts from 1 in the text as received; ``kind`` is the damage's
    name, that of its file in this package."""

    kind: str
    line: int
    confidence: Confidence
    note: str = ""
