"""The change is there, though a line of its context was rewritten since."""

from __future__ import annotations

from difflib import SequenceMatcher

from patchkit.patch.model import Kind
from patchkit.port.ladder.place import Answer, Miss, Present, Sought, weight
from patchkit.port.outcome import How
from patchkit.port.text import key

# How much of the new image must be there, added lines apart: they must all be.
ENOUGH = 0.75
# Rewritten context may have grown or shrunk by some lines.
SLACK = 4
TELLING_LETTERS = 12


def already(sought: Sought) -> Answer:
    """Is every added line there, in order, among most of the context, and nothing that was to
    be removed? Pure removals leave nothing to go by."""
    lines = [(line.kind, key(line.text)) for line in sought.hunk.new]
    added = [text for kind, text in lines if kind is Kind.ADDED]
    removed = {key(line.text) for line in sought.hunk.lines if line.kind is Kind.REMOVED}
    if removed & set(added):
        return Miss()
    telling = [text for text in added if len(text) >= TELLING_LETTERS]
    if not telling or weight(tuple(added)) == 0:
        return Miss()
    first = telling[0]
    index = next(i for i, (kind, text) in enumerate(lines) if kind is Kind.ADDED and text == first)
    places = [
        place
        for at, text in enumerate(sought.text.keys)
        if text == first and (place := _image_start(sought, lines, at, index)) is not None
    ]
    if len(places) == 1 and places[0] >= sought.floor - SLACK:
        return Present(places[0], How.DRIFT)
    return Miss("stands in several places", tuple(places)) if places else Miss()


def _image_start(
    sought: Sought, lines: list[tuple[Kind, bytes]], at: int, index: int
) -> int | None:
    """Where the new image begins, if the target around *at* is that image."""
    start = max(0, at - index - SLACK)
    window = sought.text.keys[start : at - index + len(lines) + SLACK]
    blocks = SequenceMatcher(None, [text for _, text in lines], window, False).get_matching_blocks()
    matched = {block.a + i: block.b + i for block in blocks for i in range(block.size)}
    if any(kind is Kind.ADDED and i not in matched for i, (kind, _) in enumerate(lines)):
        return None
    context = [i for i, (kind, text) in enumerate(lines) if kind is Kind.CONTEXT and text]
    if context and sum(i in matched for i in context) < ENOUGH * len(context):
        return None
    if not _adjoins(lines, matched) or _removed_is_left(sought, lines, window):
        return None
    first = min(matched)
    return start + matched[first] - first


def _adjoins(lines: list[tuple[Kind, bytes]], matched: dict[int, int]) -> bool:
    """Do the added lines stand right beside a line of their context, as in the patch?"""
    for i, (kind, _) in enumerate(lines[1:], 1):
        pair = {kind, lines[i - 1][0]}
        if pair == {Kind.ADDED, Kind.CONTEXT} and matched.get(i, -1) == matched.get(i - 1, -9) + 1:
            return True
    return False


def _removed_is_left(
    sought: Sought, lines: list[tuple[Kind, bytes]], window: tuple[bytes, ...]
) -> bool:
    kept = {text for _, text in lines}
    removed = {key(line.text) for line in sought.hunk.lines if line.kind is Kind.REMOVED} - kept
    return bool(removed & set(window))
