"""Refused hunks as conflict markers in the file, for a person to resolve."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from patchkit.patch.model import Hunk
from patchkit.port.ladder.explain import candidate
from patchkit.port.ladder.place import Sought
from patchkit.port.text import Text, key, spelled

OURS, BASE, MIDDLE, THEIRS = b"<<<<<<< ", b"||||||| ", b"=======", b">>>>>>> "
# Lines put in since, at most, among those that a hunk names.
SLACK = 8


class Unlanded(NamedTuple):
    """A refused hunk, and the form of it that was found for the target but not believed."""

    hunk: Hunk
    proposal: Hunk | None = None


class Window(NamedTuple):
    """The lines of a text, from index ``start`` up to ``end``, that a refused hunk is about. A
    ``proposal`` has just these as its old side."""

    start: int
    end: int
    hunk: Hunk
    proposal: Hunk | None = None


def windows(text: Text, unlanded: Iterable[Unlanded]) -> list[Window]:
    """Where hunks that don't land in *text* most likely belong, from top to bottom. Two that
    belong to the same lines have empty windows one after the other there."""
    found = sorted((_window(text, *one) for one in unlanded), key=lambda one: one[:2])
    floor = 0
    apart = []
    for one in found:
        start = max(one.start, floor)
        floor = max(one.end, start)
        whole = start == one.start
        apart.append(Window(start, floor, one.hunk, one.proposal if whole else None))
    return apart


def marked(data: bytes, unlanded: Iterable[Unlanded], label: str) -> bytes:
    """*data* with each of the hunks between conflict markers, in git's diff3 style: the target's
    lines, those that the patch expects, and those that it wants. Where there is a proposal, the
    target's lines and what it makes of them. *label* names the patch."""
    text = Text(data)
    name = label.encode("utf-8", "replace")
    out: list[bytes] = []
    at = 0
    for start, end, hunk, proposal in windows(text, unlanded):
        out += text.lines[at:start]
        ours = text.lines[start:end]
        out += _block(ours, hunk, name) if proposal is None else _proposed(ours, proposal, name)
        at = end
    out += text.lines[at:]
    return b"\n".join(out) + (b"\n" if text.ends_with_newline else b"")


def is_marked(data: bytes) -> bool:
    """Are there conflict markers of ours in *data* still?"""
    lines = data.split(b"\n")
    return any(line.startswith((OURS + b"tree", BASE + b"expected by ")) for line in lines)


def _block(ours: Sequence[bytes], hunk: Hunk, name: bytes) -> Iterator[bytes]:
    base, theirs = ([line.text for line in side] for side in (hunk.old, hunk.new))
    head = _alike(ours, base, theirs)
    rest = [side[head:] for side in (ours, base, theirs)]
    tail = _alike(*(side[::-1] for side in rest))
    ours_left, base_left, theirs_left = (side[: len(side) - tail] for side in rest)
    yield from ours[:head]
    yield OURS + b"tree"
    yield from ours_left
    yield BASE + b"expected by " + name
    yield from base_left
    yield MIDDLE
    yield from theirs_left
    yield THEIRS + name
    yield from ours[len(ours) - tail :]


def _proposed(ours: Sequence[bytes], proposal: Hunk, name: bytes) -> Iterator[bytes]:
    theirs = [line.text for line in proposal.new]
    head = _alike(ours, theirs)
    tail = _alike(ours[head:][::-1], theirs[head:][::-1])
    yield from ours[:head]
    yield OURS + b"tree"
    yield from ours[head : len(ours) - tail]
    yield MIDDLE
    yield from theirs[head : len(theirs) - tail]
    yield THEIRS + b"proposed for " + name
    yield from ours[len(ours) - tail :]


def _alike(*sides: Sequence[bytes]) -> int:
    """With how many lines all of *sides* begin alike."""
    count = 0
    for lines in zip(*sides, strict=False):
        if len(set(lines)) > 1:
            break
        count += 1
    return count


def _window(text: Text, hunk: Hunk, proposal: Hunk | None) -> Window:
    stated = min(max(hunk.old_start - 1, 0), len(text))
    if proposal is not None:
        # Other hunks that landed may have moved its lines, or changed them.
        near = min(max(proposal.old_start - 1, 0), len(text))
        places = text.exact.places([spelled(ln.text, newline=ln.newline) for ln in proposal.old])
        if places:
            start = min(places, key=lambda place: abs(place - near))
            return Window(start, start + len(proposal.old), hunk, proposal)
    at = candidate(Sought(hunk, text, stated, stated, stated, 0))
    if at is None:
        return Window(stated, stated, hunk)
    start = max(at, 0)
    here = text.keys[start : start + len(hunk.old) + SLACK]
    matcher = SequenceMatcher(None, [key(line.text) for line in hunk.old], here, False)
    blocks = [block for block in matcher.get_matching_blocks() if block.size]
    if not blocks:
        return Window(start, min(start + len(hunk.old), len(text)), hunk)
    # Lines of the hunk above its first match, and below its last, have no counterpart to go by.
    first, last = blocks[0], blocks[-1]
    missing = len(hunk.old) - (last.a + last.size)
    return Window(
        max(0, start + first.b - min(first.a, first.b)),
        min(len(text), start + last.b + last.size + missing),
        hunk,
    )
