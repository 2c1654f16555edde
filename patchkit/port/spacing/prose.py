"""White space inside comments: behind the star, between sentences, in lists."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property

from patchkit.port.spacing import ccode
from patchkit.port.spacing.words import Example, example

# A comment's lines above that say how far its text is indented.
LOOK_UP = 12
TWO = re.compile(rb"[a-z)}\]][.!?]  [A-Z]")
ONE = re.compile(rb"[a-z)}\]][.!?] [A-Z]")
TWO_END = re.compile(rb"[a-z)}\]][.!?]  \*/")
ONE_END = re.compile(rb"[a-z)}\]][.!?] \*/")
SENTENCE_END = re.compile(rb"[a-z)}\]][.!?]$")


class Sentences:
    """How the comments of *lines*, a whole file, part sentences: with one blank or two."""

    def __init__(self, lines: Sequence[bytes]) -> None:
        self._lines = lines

    @cached_property
    def _counted(self) -> tuple[bool, bool]:
        text = b"\n".join(self._lines)
        return (
            len(TWO.findall(text)) > len(ONE.findall(text)),
            len(TWO_END.findall(text)) > len(ONE_END.findall(text)),
        )

    def gap(self, left: bytes, right: bytes, near: Sequence[bytes]) -> bytes:
        """The gap between two words of a comment, as in *near* lines or in most of the file."""
        if SENTENCE_END.search(left) is None:
            return b" "
        at_end = right == b"*/"
        if not at_end and not right[:1].isupper():
            return b" "
        two, one = (TWO_END, ONE_END) if at_end else (TWO, ONE)
        for line in near:
            if two.search(line):
                return b"  "
            if one.search(line):
                return b" "
        return b"  " if self._counted[at_end] else b" "


def behind_star(words: Sequence[bytes], above: Sequence[bytes], below: Sequence[bytes]) -> bytes:
    """The gap behind the star that starts a comment's line: as on the nearest line of the same
    comment whose text starts like this one."""
    nearest = None
    for lines in (above[: -LOOK_UP - 1 : -1], below[:LOOK_UP]):
        for line in lines:
            theirs = example(line)
            if len(theirs.words) > 1 and theirs.words[0] == b"*":
                if _start(theirs.words[1]) == _start(words[1]):
                    return theirs.gaps[0]
                nearest = nearest or theirs.gaps[0]
            if not line.lstrip().startswith(b"*") or b"*/" in line:
                break
    return b" "


def in_list(
    words: Sequence[bytes], at: int, above: Sequence[bytes], below: Sequence[bytes]
) -> tuple[Example, int] | None:
    """The line next to this one that has the same gap in a list of dates or numbers."""
    if at == 0 or _start(words[1]) == b"a":
        return None
    for line in (*above[:-4:-1], *below[:3]):
        theirs = example(line)
        same = len(theirs.words) > at + 1 and all(
            _start(a) == _start(b)
            for a, b in zip(words[: at + 2], theirs.words[: at + 2], strict=True)
        )
        if same:
            return theirs, at
    return None


def _start(word: bytes) -> bytes:
    first = word[:1]
    if first.isdigit():
        return b"0"
    return b"a" if first.isalpha() else first


def is_inside(body: bytes, above: Sequence[bytes]) -> bool:
    """Is the line *body* all comment?"""
    return body.startswith((b"*", b"/*", b"//")) or (ccode.in_comment(above[-60:]))
