"""White space between the words of an added line, by the example of lines like it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import islice, zip_longest
from typing import NamedTuple

from patchkit.port.spacing import ccode, prose
from patchkit.port.spacing.columns import TAB, fill, width
from patchkit.port.spacing.words import Example, example, kind

# Lines this near are of the same table; a #define's may be further.
TABLE = 6
DEFINES = 40
# Comments this near are of one hand.
SAME_TEXT = 8
# Further lines show the habit of a file.
HABIT = 200

TYPE = re.compile(rb"[A-Za-z_]\w*\**")
NAME = re.compile(rb"\**[A-Za-z_]\w*(?:\[[^\]]*\])*(?::\d+)?;")
TAGS = (b"struct", b"union", b"enum")
STATEMENTS = (b"return", b"goto", b"case", b"else", b"typedef")


class Around(NamedTuple):
    """What an added line stands among: finished lines *above*, the target's *below*, the lines
    *added* with it (bodies with single blanks), and the one that it is a form of."""

    above: Sequence[bytes]
    below: Sequence[bytes]
    added: Sequence[bytes]
    twin: bytes | None
    sentences: prose.Sentences
    indent: int = 0  # columns before the line


def restore(
    indent: bytes, body: bytes, around: Around, fitted: Callable[[bytes, int], bytes] | None = None
) -> bytes:
    """*indent* and *body* with the gaps of lines like it. Each gap goes through *fitted*, with
    the number of the word before it, where more is known than that there is white space."""
    parts = example(body).words
    if len(parts) < 2:
        return indent + body
    around = around._replace(indent=width(indent))
    inherited = _inherited(parts, example(around.twin)) if around.twin is not None else {}
    in_comment = prose.is_inside(body, around.above)
    line, column = indent, width(indent)
    for at, word in enumerate(parts[:-1]):
        line += word
        column += len(word)
        found = inherited.get(at)
        if found is not None:
            gap = _like(found, column)
        elif in_comment:
            gap = _in_comment(parts, at, column, around)
        else:
            gap = _in_code(parts, at, column, around)
        if fitted is not None:
            gap = fitted(gap, at)
        line += gap
        column = width(gap, column)
    return line + parts[-1]


def _like(found: tuple[Example, int], column: int) -> bytes:
    """The gap of an example line, from *column* to where it ends there."""
    theirs, place = found
    gap = theirs.gaps[place]
    return gap if gap == b" " else _reaching(column, theirs.end(place), gap)


def _in_comment(parts: Sequence[bytes], at: int, column: int, around: Around) -> bytes:
    if at == 0 and parts[0] == b"*":
        return prose.behind_star(parts, around.above, around.below)
    if parts[0] == b"*" and (found := prose.in_list(parts, at, around.above, around.below)):
        return _like(found, column)
    twin = () if around.twin is None else (around.twin,)
    near = (*twin, *_outwards(around.above, around.below, SAME_TEXT))
    return around.sentences.gap(parts[at], parts[at + 1], near)


def _in_code(parts: Sequence[bytes], at: int, column: int, around: Around) -> bytes:
    if ccode.depth(b" ".join(parts[: at + 1])) > 0 and parts[0][:1] != b"{":
        return b" "
    reach = DEFINES if parts[0] == b"#define" else TABLE
    found = next(_examples(parts, at, around, reach), None)
    if found is not None:
        return _like(found, column)
    if not _is_table(parts, at):
        return b" "
    seen = [theirs.gaps[place] for theirs, place in islice(_examples(parts, at, around, HABIT), 5)]
    if sum(b"\t" in gap for gap in seen) * 2 <= len(seen):
        return b" "
    widest = max((column, *_ends(parts, at, around)))
    return _reaching(column, widest // TAB * TAB + TAB, b"\t")


def _is_table(parts: Sequence[bytes], at: int) -> bool:
    """Is the gap one that a file has a habit for, next to other such lines or not?"""
    if parts[at + 1].startswith((b"/*", b"//")):
        return True
    first = parts[0]
    return at == (first == b"#define") and (
        first == b"#define" or first[:1] == b"." or (first[-1:] == b":" and first != b"default:")
    )


def _ends(parts: Sequence[bytes], at: int, around: Around) -> Iterator[int]:
    """The columns at which word *at* ends in the lines of this shape added together."""
    if parts[at + 1].startswith((b"/*", b"//")):
        return
    for body in around.added:
        theirs = example(body)
        if _same_place(parts, at, theirs.words) is not None:
            yield around.indent + len(b" ".join(theirs.words[: at + 1]))


def _examples(
    parts: Sequence[bytes], at: int, around: Around, reach: int
) -> Iterator[tuple[Example, int]]:
    """The lines like this one, nearest first, and the place of its gap in them."""
    for line in _outwards(*_same_macro(parts, around), reach):
        theirs = example(line)
        place = _same_place(parts, at, theirs.words)
        if place is not None:
            yield theirs, place


def _same_macro(parts: Sequence[bytes], around: Around) -> tuple[Sequence[bytes], Sequence[bytes]]:
    """The lines *around*; above a macro's first line stands another macro."""
    first = parts[-1] == b"\\" and parts[0] == b"#define"
    continued = around.below[:1] and around.below[0].rstrip().endswith(b"\\")
    return () if first and continued else around.above, around.below


def _inherited(parts: Sequence[bytes], twin: Example) -> dict[int, tuple[Example, int]]:
    """The gaps of *parts* that *twin* has: between the same two words, or at the same place
    of a line of the same shape."""
    from difflib import SequenceMatcher

    found: dict[int, tuple[Example, int]] = {}
    matcher = SequenceMatcher(None, parts, twin.words, False)
    for mine, theirs, size in matcher.get_matching_blocks():
        for step in range(size - 1):
            found[mine + step] = twin, theirs + step
    for at in range(len(parts) - 1):
        if at not in found and (place := _same_place(parts, at, twin.words)) is not None:
            found[at] = twin, place
    return found


def _outwards(above: Sequence[bytes], below: Sequence[bytes], reach: int) -> Iterator[bytes]:
    """The lines next to a place, nearest first."""
    for up, down in zip_longest(above[: -reach - 1 : -1], below[:reach]):
        if up is not None:
            yield up
        if down is not None:
            yield down


def _reaching(column: int, end: int, like: bytes) -> bytes:
    """A gap from *column* to the column *end* of the example, made as *like* is."""
    if end <= column:
        return b"\t" if b"\t" in like else b" "
    if b"\t" not in like:
        return b" " * (end - column)
    if like.strip(b"\t"):
        return fill(column, end)
    stops = -(-end // TAB) - column // TAB
    return b"\t" * max(1, stops)


def _same_place(parts: Sequence[bytes], at: int, theirs: Sequence[bytes]) -> int | None:
    """The gap of an example line that corresponds to the one behind ``parts[at]``."""
    right = parts[at + 1]
    if right.startswith((b"/*", b"//")) or right in (b"\\", b"*/"):
        return _before_mark(parts, right[:2], theirs)
    if len(theirs) < 2:
        return None
    value = _value(tuple(parts))
    if value is not None and 0 < at <= value:
        place = _value(tuple(theirs))
        return place if at == value and place and _alike(parts[at], theirs[place]) else None
    declarator = _declarator(tuple(parts))
    if declarator is not None and at <= declarator:
        place = _declarator(tuple(theirs))
        return place if at == declarator else None
    return at if _same_shape(parts, at, theirs) else None


def _alike(one: bytes, other: bytes) -> bool:
    """Are both names of macros with parameters, or neither?"""
    return one.endswith(b")") == other.endswith(b")")


def _same_shape(parts: Sequence[bytes], at: int, theirs: Sequence[bytes]) -> bool:
    """Are the words up to the one behind gap *at* of the same kinds?"""
    if at + 1 >= len(theirs):
        return False
    if parts[at + 1] == b"=" and _owner(parts[at]) != _owner(theirs[at]):
        return False
    return all(kind(a) == kind(b) for a, b in zip(parts[: at + 2], theirs, strict=False))


def _before_mark(parts: Sequence[bytes], mark: bytes, theirs: Sequence[bytes]) -> int | None:
    """The gap of *theirs* before its comment or backslash."""
    if not theirs or (parts[0][:1] == b"#") != (theirs[0][:1] == b"#"):
        return None
    return next((at for at in range(len(theirs) - 1) if theirs[at + 1].startswith(mark)), None)


def _owner(word: bytes) -> bytes:
    """``up->port.`` of ``up->port.line``."""
    return word[: max(word.rfind(b"."), word.rfind(b"->")) + 1]


@lru_cache(maxsize=4096)
def _value(words: tuple[bytes, ...]) -> int | None:
    """The place of the gap before the value of a #define; None in other lines."""
    if words[:1] != (b"#define",):
        return None
    balance = 0
    for at, word in enumerate(words[1:-1], 1):
        balance += ccode.depth(word)
        if balance == 0:
            return at if words[at + 1] != b"\\" else None
    return None


@lru_cache(maxsize=4096)
def _declarator(words: tuple[bytes, ...]) -> int | None:
    """The place of the gap between the type and the name, in a line that declares one variable
    or member; None in other lines."""
    for at, word in enumerate(words):
        if word.endswith(b";"):
            names = words[: at + 1]
            if at == 0 or (at == 1 and words[0] in TAGS):
                return None
            if at + 1 < len(words) and words[at + 1][:2] not in (b"/*", b"//"):
                return None
            plain = all(TYPE.fullmatch(name) for name in names[:-1]) and names[0] not in STATEMENTS
            return at - 1 if plain and NAME.fullmatch(names[-1]) else None
        if not TYPE.fullmatch(word):
            return None
    return None
