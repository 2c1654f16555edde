"""Mailers cut long lines at a blank: the rest stands on the next line, without a marker."""

from __future__ import annotations

from collections.abc import Iterator

from patchkit.repair.damage import Confidence, Repair
from patchkit.repair.step import MARKERS, Move, Step

KIND = "wrapped-lines"
# The narrowest wrapping seen in archives is 65 columns (Eudora), the usual one 72 to 78.
NARROWEST = 60


def moves(last: Step | None, text: bytes, lineno: int) -> Iterator[Move]:
    """*text* as the rest of the line before it. A cut is believed where the first word would
    have made that line too long."""
    if last is None or not text.strip():
        return
    piece = last.received or len(last.text.expandtabs()) + 1
    first_word = len(text.split(None, 1)[0])
    believed = piece + 1 + first_word > NARROWEST
    has_marker = text[:1] in MARKERS
    cost = (2.0 if has_marker else 1.0) if believed else (12.0 if has_marker else 6.0)
    confidence = Confidence.LIKELY if believed and not has_marker else Confidence.DOUBTFUL
    repairs = (*last.repairs, Repair(KIND, lineno, confidence))
    joined = last.text + b" " + text
    yield Move(
        cost,
        Step(last.before, last.kind, joined, repairs, joined=True, received=len(text)),
    )
