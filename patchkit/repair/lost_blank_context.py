"""Mailers and editors strip trailing blanks: the context line ``" "`` arrives as ``""``."""

from __future__ import annotations

from collections.abc import Iterator

from patchkit.patch.model import Kind
from patchkit.repair.damage import Confidence, Repair
from patchkit.repair.step import Move, Step

KIND = "lost-blank-context"


def repair(lineno: int) -> Repair:
    """The record of an empty line at *lineno* read as blank context."""
    return Repair(KIND, lineno, Confidence.LIKELY)


def moves(last: Step | None, text: bytes, lineno: int) -> Iterator[Move]:
    """An empty line as context: dear enough that a blank below the hunk is not taken for it."""
    if not text.strip():
        yield Move(0.5, Step(last, Kind.CONTEXT, b"", (repair(lineno),), received=text))
