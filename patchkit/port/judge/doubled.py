"""A line that stands twice in a row: both sides brought it, each at its own place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from patchkit.port.judge.evidence import Adaptation, Evidence, Objection
from patchkit.port.ladder.place import TRIVIAL
from patchkit.port.text import key


def doubled(adaptation: Adaptation, evidence: Evidence) -> Iterator[Objection]:
    """Only what neither the target nor the patch had twice in a row."""
    before, after = evidence.before.text.keys, evidence.after.text.keys
    known = _twice(before[max(0, adaptation.start - 1) : adaptation.end + 1])
    known |= _twice([key(line.text) for line in adaptation.original.new])
    here = _twice(after[max(0, adaptation.new_start - 1) : adaptation.new_end + 1])
    for line in sorted(here - known):
        yield Objection(f"'{line.decode('utf-8', 'backslashreplace')}' would stand twice in a row")


def _twice(lines: Sequence[bytes]) -> set[bytes]:
    return {one for one, below in pairwise(lines) if one == below and one not in TRIVIAL}
