"""A hunk that landed → its lines in the target: the target's own context, and added lines with
the white space that the mail lost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import chain
from typing import NamedTuple

from patchkit.patch.model import Hunk, Kind, Line
from patchkit.port.spacing import expanded, gaps
from patchkit.port.spacing.above import REACH
from patchkit.port.spacing.columns import lead, width
from patchkit.port.spacing.habits import Habits, habits_of
from patchkit.port.spacing.indent import IN_COMMENT, Indent, predict
from patchkit.port.spacing.laws import Law, Pair
from patchkit.port.spacing.prose import Sentences
from patchkit.port.spacing.twins import Twin, twins
from patchkit.port.text import Text, key

# Lines around the hunk that serve as examples for the gaps inside lines.
NEAR = 40


class Place(NamedTuple):
    """Where an added line goes: the finished lines above it, the target's below, the bodies added
    with it, the removed line that it is a form of, and the indexes of lines in the target that
    stand or stood where it does."""

    above: Sequence[bytes]
    below: Sequence[bytes]
    added: Sequence[bytes]
    twin: Twin | None
    peers: tuple[int, ...]


class Landed(NamedTuple):
    """A hunk, and the index in the target's lines where its old image begins. Where it had to
    be adapted, ``original`` is the hunk as sent."""

    hunk: Hunk
    at: int
    original: Hunk | None = None


def pairs(landed: Landed, text: Text) -> Iterator[Pair]:
    """The hunk's context and removed lines beside the target's own."""
    at = landed.at
    for line in landed.hunk.lines:
        if line.kind is not Kind.ADDED:
            yield Pair(line.kind, line.text, text.lines[at])
            at += 1


class Restorer:
    """Makes the lines of hunks that landed in one file, by the law of their patch."""

    def __init__(self, text: Text, law: Law) -> None:
        self._text = text
        self._law = law

    @cached_property
    def _habits(self) -> Habits:
        return habits_of(self._text.lines)

    @cached_property
    def _sentences(self) -> Sentences:
        return Sentences(self._text.lines)

    def lines(self, landed: Landed) -> list[bytes]:
        """The new image of the hunk, as it goes into the file."""
        text, at = self._text, landed.at
        out = list(text.lines[max(0, at - REACH) : at])
        before = len(out)
        for group, is_change in _groups(landed.hunk.lines):
            if not is_change:
                out += text.lines[at : at + len(group)]
                at += len(group)
                continue
            removed = sum(line.kind is Kind.REMOVED for line in group)
            added = [line.text for line in group if line.kind is Kind.ADDED]
            self._change(added, at, at + removed, out)
            at += removed
        return out[before:]

    def _change(self, added: Sequence[bytes], start: int, stop: int, out: list[bytes]) -> None:
        """Append *added*, which stands for the target's lines from *start* to *stop*, to *out*."""
        end = b"\r" if self._text.uses_crlf else b""
        if self._law is Law.KEPT:
            out += added
            return
        if self._law is Law.TRAILING_LOST:
            out += (line.rstrip() + end for line in added)
            return
        bodies = [key(line) for line in added]
        pairs = twins(added, self._text.lines[start:stop])
        for number, (received, twin) in enumerate(zip(added, pairs, strict=True)):
            if not received.strip():
                out.append(end)
                continue
            peers = [start + twin.at] if twin is not None else [-1]
            if number == 0 and start < len(self._text):
                peers.append(start)
            place = Place(out, self._text.lines[stop : stop + REACH], bodies, twin, tuple(peers))
            out.append(self._restored(received, place) + end)

    def _restored(self, received: bytes, place: Place) -> bytes:
        if self._law in (Law.COLLAPSED, Law.UNKNOWN) and _has_kept(received):
            return received
        body = b" ".join(received.split())
        if self._law in (Law.EXPANDED, Law.EXPANDED_APART):
            guess = self._indent(body, place) if received.startswith(b" ") else Indent(b"")
            likely = chain((guess.lead,), self._leads(place))
            goes_on = guess.base is not None
            indent = expanded.indentation(received, self._law, likely, goes_on=goes_on)
            return expanded.restored(indent, received, self._law, self._around(place))
        indent = self._indent(body, place).lead if received.startswith(b" ") else b""
        return gaps.restore(indent, body, self._around(place))

    def _around(self, place: Place) -> gaps.Around:
        twin = None if place.twin is None else place.twin.line
        return gaps.Around(place.above, place.below, place.added, twin, self._sentences)

    def _indent(self, body: bytes, place: Place) -> Indent:
        """By structure, but like a line of the target where structure says the same of both."""
        guess = predict(body, place.above, place.below, self._habits)
        if guess.base != IN_COMMENT:
            for at in place.peers:
                if at < 0:
                    continue
                theirs = self._peer(at, body, guess, place.above, edited=at == place.peers[0])
                if theirs:
                    return guess._replace(lead=theirs)
        return guess._replace(lead=guess.lead or self._habits.unit)

    def _peer(
        self, at: int, body: bytes, guess: Indent, above: Sequence[bytes], *, edited: bool
    ) -> bytes | None:
        """The indentation of the target's line *at*, if *body* goes by the same reasons."""
        lines = self._text.lines
        line = lines[at]
        if not lead(line) or line.lstrip().startswith(b"#"):
            return None
        if key(line) == body:  # nothing but white space was changed here
            return lead(line) if line[-1:] in b" \t" else None
        was = predict(key(line), lines[:at], lines[at + 1 : at + NEAR], self._habits)
        alike = was.base is None and not edited and width(lead(line)) == width(guess.lead)
        if alike and lead(above[-1] if above else b"") == guess.lead:
            return None
        if was == guess or (was.base is not None and was.base == guess.base):
            return lead(line) if lead(line) != was.lead else None
        return None

    def _leads(self, place: Place) -> Iterator[bytes]:
        """What stands before the lines that a line is most like, and those around it."""
        for at in place.peers:
            if at >= 0:
                yield lead(self._text.lines[at])
        for line in (*reversed(place.above[-NEAR:]), *place.below[:NEAR]):
            yield lead(line)


def _has_kept(received: bytes) -> bool:
    """Does a line hold what its mail is said to have lost? Then this line did not lose it."""
    return b"\t" in received or b"  " in received.rstrip()


def _groups(lines: Sequence[Line]) -> Iterator[tuple[list[Line], bool]]:
    """Runs of context, and runs of changed lines."""
    group: list[Line] = []
    for line in lines:
        if group and (group[0].kind is Kind.CONTEXT) != (line.kind is Kind.CONTEXT):
            yield group, group[0].kind is not Kind.CONTEXT
            group = []
        group.append(line)
    if group:
        yield group, group[0].kind is not Kind.CONTEXT
