"""Text copied off a page may lose the blank before each context line."""

from __future__ import annotations

from collections.abc import Iterator

from patchkit.patch.model import Kind
from patchkit.repair.damage import Confidence, Repair
from patchkit.repair.step import MARKERS, Move, Step

KIND = "lost-leading-blank"


def moves(last: Step | None, text: bytes, lineno: int) -> Iterator[Move]:
    """A line without a marker as context. One that starts with a tab can hardly be a wrapped
    piece; any other may be."""
    if not text or text[:1] in MARKERS:
        return
    cost = 1.0 if text.startswith(b"\t") else 2.5
    yield Move(
        cost,
        Step(last, Kind.CONTEXT, text, (Repair(KIND, lineno, Confidence.LIKELY),), received=text),
    )
