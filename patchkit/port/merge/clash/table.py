"""What becomes of lines that both sides changed, surest first. A further rule is a file and a
row; ``docs/porting.md`` has how often each was right on merges that people made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from patchkit.patch.model import Kind, Line
from patchkit.port.align import Alignment
from patchkit.port.ladder.place import Sought
from patchkit.port.merge.block import Block, Rule, blocks
from patchkit.port.merge.clash.alike import alike
from patchkit.port.merge.clash.beside import beside
from patchkit.port.merge.clash.contained import contained
from patchkit.port.merge.edits import Edit, Placed, Tie
from patchkit.port.merge.lines import steps

RULES: tuple[Rule, ...] = (alike, beside, contained)
# A block of more lines than this is no place where two changes meet.
LONGEST = 200


def settled(
    sought: Sought, alignment: Alignment, placed: Mapping[Edit, Placed], others: Sequence[Edit]
) -> list[Placed] | None:
    """*placed* with what becomes of the *others*, which have no place by themselves; None where
    one of them has none among the lines around it either."""
    found = blocks(others, sought, alignment)
    if found is None:
        return None
    made: list[Placed] = []
    for block in found:
        lines = _lines(block)
        if lines is None:
            return None
        made += _places(block, lines)
    apart = [one for edit, one in placed.items() if not any(b.holds(edit) for b in found)]
    return sorted((*apart, *made), key=lambda one: (one.start, one.end))


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
