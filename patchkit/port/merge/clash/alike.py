"""Both sides made the same of the lines, spelled otherwise."""

from __future__ import annotations

from patchkit.port.merge.block import Block
from patchkit.port.merge.lines import keys
from patchkit.port.merge.words import CODE, split


def alike(block: Block) -> tuple[bytes, ...] | None:
    """The target's lines, where they are the patch's but for white space; in C, where they are
    the same tokens."""
    if keys(block.ours) == keys(block.theirs):
        return block.ours
    if not block.is_c:
        return None
    ours, theirs = (split(lines, CODE) for lines in (block.ours, block.theirs))
    return block.ours if ours == theirs else None
