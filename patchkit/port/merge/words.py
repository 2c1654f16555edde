"""Three versions of some lines, merged by their words: what each side changed, and what became
of both."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import pairwise
from types import MappingProxyType
from typing import NamedTuple

# C's tokens, or nearly so; a word of a comment or a string is one too.
CODE = re.compile(rb"\w+|[^\w\s]")
# In a Makefile or a text a word is what stands between blanks, and a line's end says something.
PLAIN = re.compile(rb"[^\s]+|\n")
WORD = re.compile(rb"\w")
# More words than this are no few lines that both sides changed.
MOST = 1500


class Token(NamedTuple):
    """A word or a sign, and the white space before it, line ends included."""

    space: bytes
    text: bytes


class Change(NamedTuple):
    """Tokens ``start`` to ``end`` of the base became tokens ``first`` to ``last``."""

    start: int
    end: int
    first: int
    last: int


Differ = Callable[[Sequence[bytes], Sequence[bytes]], Iterator[Change]]


class Woven(NamedTuple):
    """Two changed versions in one. ``ours`` and ``theirs`` are the changes that only one side
    made, ``both`` those that each made alike; ``apart`` says whether something of the base, a
    word or a sign, stands between any two of different sides."""

    tokens: tuple[Token, ...]
    ours: tuple[Edited, ...]
    theirs: tuple[Edited, ...]
    both: tuple[Edited, ...]
    apart: bool


class Edited(NamedTuple):
    """A change by its words."""

    removed: tuple[bytes, ...]
    added: tuple[bytes, ...]


def split(lines: Iterable[bytes], pattern: re.Pattern[bytes]) -> tuple[Token, ...]:
    """The tokens of *lines*; each line's end is white space of what follows. The last one is
    empty, for what stands behind the last word."""
    text = b"".join(b"\n" + line for line in lines)
    tokens: list[Token] = []
    at = 0
    for found in pattern.finditer(text):
        tokens.append(Token(text[at : found.start()], found[0]))
        at = found.end()
    return (*tokens, Token(text[at:], b""))


def joined(tokens: Iterable[Token]) -> tuple[bytes, ...]:
    """The lines that *tokens* make."""
    text = b"".join(token.space + token.text for token in tokens)
    return tuple(text.split(b"\n")[1:])


def woven(base: Sequence[Token], ours: Sequence[Token], theirs: Sequence[Token]) -> Woven | None:
    """Both sides' changes of *base*; None where they overlap, or where it depends on the way of
    comparing what came of them."""
    if max(len(base), len(ours), len(theirs)) > MOST:
        return None
    one, other = (_woven(base, ours, theirs, differ) for differ in (_shortest, _longest))
    if one is None or other is None or _texts(one.tokens) != _texts(other.tokens):
        return None
    return one


def _woven(
    base: Sequence[Token], ours: Sequence[Token], theirs: Sequence[Token], differ: Differ
) -> Woven | None:
    our_changes, their_changes = (_changes(base, side, differ) for side in (ours, theirs))
    both = [
        (ours_, theirs_)
        for ours_ in our_changes
        for theirs_ in their_changes
        if ours_[:2] == theirs_[:2] and _added(ours, ours_) == _added(theirs, theirs_)
    ]
    only_ours = [change for change in our_changes if change not in [one for one, _ in both]]
    only_theirs = [change for change in their_changes if change not in [one for _, one in both]]
    steps = sorted(
        [(change, ours, 0) for change in only_ours]
        + [(change, theirs, 1) for change in only_theirs]
        + [(change, ours, 2) for change, _ in both],
        key=lambda step: step[0][:2],
    )
    apart = True
    for (above, _, side), (below, _, its) in pairwise(steps):
        if below.start < above.end or below[:2] == above[:2]:
            return None
        apart = apart and (below.start > above.end or side == its or 2 in (side, its))
    spaces = _spaces(base, ours, our_changes), _spaces(base, theirs, their_changes)
    merged: list[Token] = []
    at = 0
    for change, side_tokens, _ in steps:
        merged += _kept(base, at, change.start, spaces)
        merged += side_tokens[change.first : change.last]
        at = change.end
    merged += _kept(base, at, len(base), spaces)

    def edited(changes: Iterable[Change], side: Sequence[Token]) -> tuple[Edited, ...]:
        return tuple(
            Edited(_texts(base[one.start : one.end]), _added(side, one)) for one in changes
        )

    return Woven(
        tuple(merged),
        edited(only_ours, ours),
        edited(only_theirs, theirs),
        edited((one for one, _ in both), ours),
        apart,
    )


def _changes(base: Sequence[Token], side: Sequence[Token], differ: Differ) -> list[Change]:
    """What *side* made of *base*. Changes between which only signs stand are one; one that could
    as well begin higher up does so."""
    old, new = _texts(base), _texts(side)
    found: list[Change] = []
    for change in differ(old, new):
        if found and not any(WORD.match(text) for text in old[found[-1].end : change.start]):
            found[-1] = Change(found[-1].start, change.end, found[-1].first, change.last)
        else:
            found.append(change)
    moved: list[Change] = []
    for change in found:
        floor = moved[-1].end + 1 if moved else 0
        moved.append(_raised(change, old, new, floor))
    return moved


def _shortest(old: Sequence[bytes], new: Sequence[bytes]) -> Iterator[Change]:
    """The fewest words taken out and put in."""
    from rapidfuzz.distance import Indel

    start = first = 0
    for block in Indel.opcodes(old, new).as_matching_blocks():
        if block.a > start or block.b > first:
            yield Change(start, block.a, first, block.b)
        start, first = block.a + block.size, block.b + block.size


def _longest(old: Sequence[bytes], new: Sequence[bytes]) -> Iterator[Change]:
    """What is left between the longest runs that both have."""
    for tag, start, end, first, last in SequenceMatcher(None, old, new, False).get_opcodes():
        if tag != "equal":
            yield Change(start, end, first, last)


def _raised(change: Change, old: Sequence[bytes], new: Sequence[bytes], floor: int) -> Change:
    start, end, first, last = change
    if start < end and first < last:
        return change
    while start > floor and old[start - 1] == (old[end - 1] if first == last else new[last - 1]):
        start, end, first, last = start - 1, end - 1, first - 1, last - 1
    return Change(start, end, first, last)


def _spaces(
    base: Sequence[Token], side: Sequence[Token], changes: Sequence[Change]
) -> Mapping[int, bytes]:
    """Where *side* has other white space before a token that it kept: by the index in *base*."""
    found: dict[int, bytes] = {}
    start = first = 0
    for change in (*changes, Change(len(base), len(base), len(side), len(side))):
        for index, there in zip(
            range(start, change.start), range(first, change.first), strict=True
        ):
            if side[there].space != base[index].space:
                found[index] = side[there].space
        start, first = change.end, change.last
    return MappingProxyType(found)


def _kept(
    base: Sequence[Token], start: int, end: int, spaces: tuple[Mapping[int, bytes], ...]
) -> Iterator[Token]:
    ours, theirs = spaces
    for index in range(start, end):
        token = base[index]
        yield Token(ours.get(index, theirs.get(index, token.space)), token.text)


def _texts(tokens: Iterable[Token]) -> tuple[bytes, ...]:
    return tuple(token.text for token in tokens)


def _added(side: Sequence[Token], change: Change) -> tuple[bytes, ...]:
    return _texts(side[change.first : change.last])
