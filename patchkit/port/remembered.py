"""What a person made of a conflict, for the same conflict again: the idea of git rerere.

Nothing is alike here but what is identical: the refused hunks, line by line, and the target's lines
around them, the ones that were changed and some on either side.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from patchkit.patch.model import Hunk
from patchkit.port.markers import Unlanded, windows
from patchkit.port.text import Text

# Lines on either side that must be the same too.
AROUND = 5


class Resolution(NamedTuple):
    """A block of lines of the target, and what it became."""

    before: tuple[bytes, ...]
    after: tuple[bytes, ...]


class Replayed(NamedTuple):
    """A text with a conflict resolved; ``at`` is the index of the first line of the block."""

    data: bytes
    at: int


def conflict_key(hunks: Iterable[Hunk]) -> str:
    """The name of a conflict: a digest of the refused hunks of a file, wherever they stand."""
    found = hashlib.sha256()
    for hunk in hunks:
        found.update(b"@@\n")
        for line in hunk.lines:
            found.update(line.kind.value + line.text + (b"\n" if line.newline else b"\0"))
    return found.hexdigest()


def span(data: bytes, hunks: Sequence[Hunk]) -> tuple[int, int]:
    """The lines of the text *data* that the refused *hunks* are about."""
    found = windows(Text(data), map(Unlanded, hunks))
    return min(one.start for one in found), max(one.end for one in found)


def learned(data: bytes, resolved: bytes, about: tuple[int, int]) -> Resolution | None:
    """What became of the text *data*, whose refused hunks are *about* those lines; None where
    nothing did, or more than lines changed."""
    old, new = Text(data), Text(resolved)
    if old.lines == new.lines or old.ends_with_newline != new.ends_with_newline:
        return None
    head = _alike(old.lines, new.lines)
    tail = _alike(old.lines[head:][::-1], new.lines[head:][::-1])
    start = max(0, min(head, about[0]) - AROUND)
    end = min(len(old), max(len(old) - tail, about[1]) + AROUND)
    return Resolution(old.lines[start:end], new.lines[start : len(new) - (len(old) - end)])


def replayed(data: bytes, known: Iterable[Resolution]) -> Replayed | None:
    """*data* resolved as before; None unless just one of *known* fits, in just one place."""
    text = Text(data)
    fits = [(one, at) for one in known for at in text.exact.places(one.before)]
    if len(fits) != 1:
        return None
    one, at = fits[0]
    lines = (*text.lines[:at], *one.after, *text.lines[at + len(one.before) :])
    end = b"\n" if lines and text.ends_with_newline else b""
    return Replayed(b"\n".join(lines) + end, at)


def stands(data: bytes, known: Iterable[Resolution]) -> int | None:
    """Where *data* has what became of the conflict before; None unless just one of *known* is
    there, in just one place."""
    text = Text(data)
    found = [at for one in known for at in text.exact.places(one.after)]
    return found[0] if len(found) == 1 else None


def _alike(one: Sequence[bytes], other: Sequence[bytes]) -> int:
    """With how many lines both begin alike."""
    pairs = zip(one, other, strict=False)
    return next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))
