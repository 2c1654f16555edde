"""What a verdict's evidence is made of."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath


@dataclass(frozen=True, slots=True, order=True)
class Step:
    """One step of a chain, for people: what happens on that line."""

    file: PurePosixPath
    line: int
    what: str


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A function that has the vma, and the line after which the mapping has succeeded."""

    file: PurePosixPath
    function: str
    line: int
