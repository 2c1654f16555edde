"""One side's change is part of the other's: a later form of it, or a part that is there already."""

from __future__ import annotations

from collections.abc import Sequence

from patchkit.port.merge.block import Block
from patchkit.port.merge.lines import Step, keys, steps
from patchkit.port.merge.words import CODE, PLAIN, changes, longest, shortest, split

# More words than this are no few lines that both sides changed.
MOST = 1500


def contained(block: Block) -> tuple[bytes, ...] | None:
    """The lines of the side that did more, where it did all that the other one did: by lines,
    or by words, however these are compared."""
    if not any(keys(block.base)):
        return _insertions(block)
    made, wanted = (_plain(steps(block.base, side)) for side in (block.ours, block.theirs))
    if made <= wanted:
        return block.theirs
    return block.ours if wanted <= made else _by_words(block)


def _by_words(block: Block) -> tuple[bytes, ...] | None:
    pattern = CODE if block.is_c else PLAIN
    base, ours, theirs = (split(lines, pattern) for lines in (block.base, block.ours, block.theirs))
    if max(len(base), len(ours), len(theirs)) > MOST:
        return None
    made = [changes(base, ours, differ) for differ in (shortest, longest)]
    wanted = [changes(base, theirs, differ) for differ in (shortest, longest)]
    if all(one <= other for one, other in zip(made, wanted, strict=True)):
        return block.theirs
    if all(other <= one for one, other in zip(made, wanted, strict=True)):
        return block.ours
    return None


def _insertions(block: Block) -> tuple[bytes, ...] | None:
    """Both put lines in at one place."""
    ours, theirs = (list(filter(None, keys(lines))) for lines in (block.ours, block.theirs))
    if ours and _holds(theirs, ours):
        return block.theirs
    return block.ours if theirs and _holds(ours, theirs) else None


def _plain(made: Sequence[Step]) -> set[tuple[int, int, tuple[bytes, ...]]]:
    return {(step.start, step.end, tuple(keys(step.lines))) for step in made}


def _holds(lines: Sequence[bytes], part: Sequence[bytes]) -> bool:
    """Do *lines* have those of *part*, in that order?"""
    rest = iter(lines)
    return all(line in rest for line in part)
