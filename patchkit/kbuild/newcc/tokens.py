"""Two texts as C tokens: what differs, and which rule says so.

The tokens are found here by themselves, not through what the rules read with: a rule that opens
a string, ends a comment or joins two words changes tokens far from its own place.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import NamedTuple

from patchkit.kbuild.newcc.spans import Span

_TOKEN = re.compile(
    rb"""
      (?P<blank> (?: \s | \\\r?\n | /\*.*?(?:\*/|\Z) | //(?:\\\r?\n|[^\n])* )+ )
    | L?"(?:[^"\\]|\\.)*"
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
    before = _sorted_out(old, [(span.old, span.old_end) for span in spans])
    after = _sorted_out(new, [(span.new, span.new_end) for span in spans])
    for span, gone, come in zip(spans, before.touched, after.touched, strict=True):
        yield Change(span.rules, old.count(b"\n", 0, span.old) + 1, gone, come)
    for was, now in zip_longest(before.others, after.others):
        if was is None or now is None or was[0] != now[0] or was[1].text != now[1].text:
            yield Unclaimed(
                old.count(b"\n", 0, was[1].start) + 1 if was else old.count(b"\n") + 1,
                was[1].text if was else None,
                now[1].text if now else None,
            )
            return


class _SortedOut(NamedTuple):
    """The tokens that each place touches, and every other one with the places before it."""

    touched: list[tuple[bytes, ...]]
    others: list[tuple[int, Token]]


def _sorted_out(text: bytes, places: list[tuple[int, int]]) -> _SortedOut:
    """A token is touched even by a place that only adjoins it: that may make it longer."""
    starts, ends = [start for start, _ in places], [end for _, end in places]
    touched: list[list[bytes]] = [[] for _ in places]
    others: list[tuple[int, Token]] = []
    for token in tokens(text):
        first, last = bisect_left(ends, token.start), bisect_right(starts, token.end)
        if first == last:
            others.append((first, token))
        else:
            touched[first].append(token.text)
    return _SortedOut([tuple(one) for one in touched], others)
