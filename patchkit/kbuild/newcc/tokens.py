"""Two texts as C tokens: what differs, and which rule says so.

The tokens are found here by themselves, not through what the rules read with: a rule that opens
a string, ends a comment or joins two words changes tokens far from its own place.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence, Set
from itertools import zip_longest
from typing import NamedTuple

from patchkit.kbuild.newcc.spans import Span

_TOKEN = re.compile(
    rb"""
      (?P<blank> (?: \s | \\\r?\n | /\*.*?(?:\*/|\Z) | //(?:\\\r?\n|[^\n])* )+ )
    | L?"(?:[^"\\]|\\.)*(?:"|\Z)
    | L?'(?:[^'\\\n]|\\.){1,8}'
    | [A-Za-z_$]\w*
    | \.?\d(?:[eEpP][+-]|[\w.])*
    | <<= | >>= | \.\.\. | -> | \+\+ | -- | << | >> | [-+*/%&|^=!<>]= | && | \|\| | \#\#
    | .
    """,
    re.VERBOSE | re.DOTALL,
)


class Token(NamedTuple):
    """One token and where it is."""

    start: int
    end: int
    text: bytes


class Change(NamedTuple):
    """The tokens at one `Span`, and those that are there now, on the line where it begins."""

    rules: tuple[str, ...]
    line: int
    before: tuple[bytes, ...]
    after: tuple[bytes, ...]


class Unclaimed(NamedTuple):
    """A token that no rule changed and that is another one now; None where there is none."""

    line: int
    before: bytes | None
    after: bytes | None


def tokens(text: bytes) -> Iterator[Token]:
    """The tokens of *text*, preprocessor's and code's alike, without blanks and comments."""
    for found in _TOKEN.finditer(text):
        if found.lastgroup is None:
            yield Token(*found.span(), found[0])


def changes(old: bytes, new: bytes, spans: Sequence[Span]) -> Iterator[Change | Unclaimed]:
    """What became of the tokens at *spans*; and the first one elsewhere that is not the same."""
    before = _SortedOut(old, [(span.old, span.old_end) for span in spans])
    after = _SortedOut(new, [(span.new, span.new_end) for span in spans])
    for first, last in _joined(len(spans), before.links | after.links):
        yield Change(
            tuple(dict.fromkeys(rule for span in spans[first:last] for rule in span.rules)),
            old.count(b"\n", 0, spans[first].old) + 1,
            before.of(first, last),
            after.of(first, last),
        )
    for was, now in zip_longest(before.others, after.others):
        if was is None or now is None or was[0] != now[0] or was[1].text != now[1].text:
            yield Unclaimed(
                old.count(b"\n", 0, was[1].start) + 1 if was else old.count(b"\n") + 1,
                was[1].text if was else None,
                now[1].text if now else None,
            )
            return


class _SortedOut:
    """The tokens of a text: those that each of *places* touches, and all others with the number
    of places before them.

    A token is touched even by a place that only adjoins it: that may make it longer. One that
    several places touch links them: ``links`` has the number of each but the last.
    """

    def __init__(self, text: bytes, places: list[tuple[int, int]]) -> None:
        starts, ends = [start for start, _ in places], [end for _, end in places]
        self.touched: list[list[bytes]] = [[] for _ in places]
        self.others: list[tuple[int, Token]] = []
        self.links: set[int] = set()
        for token in tokens(text):
            first, last = bisect_left(ends, token.start), bisect_right(starts, token.end)
            if first == last:
                self.others.append((first, token))
            else:
                self.touched[first].append(token.text)
                self.links.update(range(first, last - 1))

    def of(self, first: int, last: int) -> tuple[bytes, ...]:
        """The tokens that the places from *first* up to *last* touch."""
        return tuple(token for touched in self.touched[first:last] for token in touched)


def _joined(count: int, links: Set[int]) -> Iterator[tuple[int, int]]:
    """The runs of linked ones among *count*, as half-open ranges."""
    first = 0
    for at in range(count):
        if at not in links:
            yield first, at + 1
            first = at + 1
