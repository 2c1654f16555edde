"""Hunks above the first file's name: its head is lost, and nothing says what they change."""

from __future__ import annotations

from collections.abc import Sequence

from patchkit.patch.raw import HUNK
from patchkit.repair.damage import Confidence, Repair

KIND = "orphan-hunk"


def doubts(above: Sequence[bytes]) -> list[Repair]:
    """A doubt for each hunk in the lines *above* the first diff: it is left out, and prose that
    shows one looks the same."""
    return [
        Repair(KIND, number, Confidence.DOUBTFUL, "names no file, left out")
        for number, line in enumerate(above, 1)
        if line.startswith(b"@@") and HUNK.match(line)
    ]
