"""A hunk that landed → its lines in the target: the target's own context, and added lines with
the white space that the mail lost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from functools import cached_property
from typing import NamedTuple

from patchkit.patch.model import Hunk, Kind, Line
from patchkit.port.spacing import gaps
from patchkit.port.spacing.columns import lead, leading, width
from patchkit.port.spacing.indent import Style, predict, style_of
from patchkit.port.spacing.laws import Law, Pair, obeys
from patchkit.port.text import Text, key

# Two lines this much alike are one line edited.
ALIKE = 0.6
# Lines around the hunk that serve as examples for the gaps inside lines.
NEAR = 40


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
            yield Pair(line.kind, line.text, text.lines[at].removesuffix(b"\r"))
            at += 1


class Restorer:
    """Makes the lines of hunks that landed in one file, by the law of their patch."""

    def __init__(self, text: Text, law: Law) -> None:
        self._text = text
        self._law = law

    @cached_property
    def _style(self) -> Style:
        return style_of(self._text.lines)

    def lines(self, landed: Landed) -> list[bytes]:
        """The new image of the hunk, as it goes into the file."""
        text, at = self._text, landed.at
        above = list(text.lines[max(0, at - NEAR * 5) : at])
        out: list[bytes] = []
        for group, is_change in _groups(landed.hunk.lines):
            if not is_change:
                out += text.lines[at : at + len(group)]
                at += len(group)
                continue
            removed = [line for line in group if line.kind is Kind.REMOVED]
            gone = text.lines[at : at + len(removed)]
            at += len(removed)
            below = text.lines[at : at + NEAR]
            for line in group:
                if line.kind is Kind.ADDED:
                    out.append(self._added(line.text, gone, [*above, *out], below))
        return out

    def _added(
        self, received: bytes, gone: Sequence[bytes], above: Sequence[bytes], below: Sequence[bytes]
    ) -> bytes:
        if self._law is Law.KEPT or not received.strip():
            end = b"\r" if self._text.uses_crlf and not received.endswith(b"\r") else b""
            return (received if self._law is Law.KEPT else b"") + end
        end = b"\r" if self._text.uses_crlf else b""
        return self._restored(received, gone, above, below) + end

    def _restored(
        self, received: bytes, gone: Sequence[bytes], above: Sequence[bytes], below: Sequence[bytes]
    ) -> bytes:
        if self._law is Law.TRAILING_LOST:
            return received
        body = b" ".join(received.split())
        near = [*reversed(above[-NEAR:]), *below]
        twin = _twin(body, gone)
        examples = ([twin] if twin is not None else []) + near
        if self._law in (Law.EXPANDED, Law.EXPANDED_APART):
            return self._from_columns(received, examples)
        if not received.startswith(b" "):
            return gaps.restore(b"", body, examples)
        if twin is not None and key(twin) != body:
            indent = lead(twin)
        else:
            indent = predict(body, above, below, self._style)
        return gaps.restore(indent, body, examples)

    def _from_columns(self, received: bytes, examples: Sequence[bytes]) -> bytes:
        """Columns are known: only tabs or blanks is the question, and the law checks the answer."""
        shift = 1 if self._law is Law.EXPANDED else 0
        columns = width(lead(received))
        like = next((lead(line) for line in examples if len(lead(line)) > 0), b"\t")
        indent = leading(columns + shift, like=like) if columns + shift >= 8 else lead(received)
        if shift and b"\t" not in indent:
            indent = lead(received)
        body = received.strip()
        restored = gaps.restore(indent, body, examples)
        if obeys(self._law, Kind.ADDED, received, restored):
            return restored
        return indent + _retabbed(body, columns + shift)


def _retabbed(body: bytes, start: int) -> bytes:
    """*body* with tabs for runs of blanks that end at a tab stop. *start* is its column."""
    line, column = b"", start
    parts, white = gaps.words(body)
    for word, gap in zip(parts, white, strict=True):
        line += word
        column += len(word)
        end = column + len(gap)
        line += b"\t" * (-(-end // 8) - column // 8) if len(gap) > 1 and end % 8 == 0 else gap
        column = end
    return line


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


def _twin(body: bytes, gone: Sequence[bytes]) -> bytes | None:
    """The removed line that *body* is an edited form of."""
    best, score = None, ALIKE
    for line in gone:
        ratio = SequenceMatcher(None, key(line), body, False).ratio()
        if ratio > score:
            best, score = line, ratio
    return best
