"""What becomes of lines that both sides changed, surest first. A further rule is a file and a
row; ``docs/porting.md`` has how often each was right on merges that people made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from patchkit.patch.model import Hunk, Kind, Line
from patchkit.port.align import Alignment
from patchkit.port.merge.block import Block, Rule, blocks
from patchkit.port.merge.clash.alike import alike
from patchkit.port.merge.clash.beside import beside
from patchkit.port.merge.clash.contained import contained
from patchkit.port.merge.edits import Placed, Refused, Tie
from patchkit.port.merge.lines import steps
from patchkit.port.text import Text

RULES: tuple[Rule, ...] = (alike, beside, contained)
# A block of more lines than this is no place where two changes meet.
LONGEST = 200


def settled(
    hunk: Hunk,
    alignment: Alignment,
    target: Text,
    placed: Sequence[Placed],
    refused: Sequence[Refused],
    *,
    is_whole: bool,
) -> list[Placed] | None:
    """*placed* with what becomes of the *refused* edits too; None where one of them stays so.
    *is_whole* says that the mail was not cut off within *hunk*."""
    edits = [each.edit for each in refused]
    found = blocks(edits, hunk, alignment, target, is_whole=is_whole)
    if found is None:
        return None
    settled: list[Placed] = []
    for block in found:
        lines = _lines(block)
        if lines is None:
            return None
        settled += _places(block, lines)
    apart = [one for one in placed if not any(_meets(block, one) for block in found)]
    return sorted((*apart, *settled))


def _lines(block: Block) -> tuple[bytes, ...] | None:
    if max(len(block.base), len(block.ours), len(block.theirs)) > LONGEST:
        return None
    return next((lines for rule in RULES if (lines := rule(block)) is not None), None)


def _places(block: Block, lines: Sequence[bytes]) -> Iterator[Placed]:
    """The target's lines of *block* become *lines*, piece by piece."""
    changed = steps(block.ours, lines)
    if not changed:
        yield Placed(block.first, block.last, (), Tie.SETTLED, is_there=True)
    for step in changed:
        added = tuple(Line(Kind.ADDED, line) for line in step.lines)
        yield Placed(block.first + step.start, block.first + step.end, added, Tie.SETTLED)


def _meets(block: Block, one: Placed) -> bool:
    """Is *one* an edit that *block* has too?"""
    return block.first <= one.start and one.end <= block.last
