"""What becomes of lines that both sides changed, surest first. A further rule is a file and a
row; ``docs/porting.md`` has how often each was right on merges that people made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from patchkit.patch.model import Hunk, Kind, Line
from patchkit.port.align import Alignment
from patchkit.port.merge.block import Block, Rule, blocks, keys
from patchkit.port.merge.clash.alike import alike
from patchkit.port.merge.clash.beside import beside
from patchkit.port.merge.clash.contained import contained
from patchkit.port.merge.edits import Placed, Refused, Tie
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
) -> list[Placed] | None:
    """*placed* with what becomes of the *refused* edits too; None where one of them stays so."""
    found = blocks([each.edit for each in refused], hunk, alignment, target)
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
    matcher = SequenceMatcher(None, keys(block.ours), keys(lines), False)
    changed = [step for step in matcher.get_opcodes() if step[0] != "equal"]
    if not changed:
        yield Placed(block.first, block.last, (), Tie.SETTLED, is_there=True)
    for _, start, end, first, last in changed:
        added = tuple(Line(Kind.ADDED, line) for line in lines[first:last])
        yield Placed(block.first + start, block.first + end, added, Tie.SETTLED)


def _meets(block: Block, one: Placed) -> bool:
    """Is *one* an edit that *block* has too?"""
    return block.first <= one.start and one.end <= block.last
