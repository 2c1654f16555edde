"""What a patch's own lines say of symbols: those it defines, removes, and takes from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePosixPath
from typing import NamedTuple

from patchkit.csource.items import Item, items
from patchkit.csource.words import Word, words
from patchkit.inspect.inspection import Symbol
from patchkit.patch.model import FileChange, Hunk, Kind, Line

C_SOURCES = frozenset((".c", ".h", ".S", ".inc"))
# A member or a local name says nothing about other files by itself.
TELLING_USES = frozenset(("call", "type"))
_NOT_NEWLINE = re.compile(rb"[^\n]")
# A line within a comment, in the kernel's style; no statement begins with a star and a blank.
_STARRED = re.compile(rb"^[ \t]*\*(?=\s)(?:(?!\*/)[^\n])*$", re.MULTILINE)
_SECTION_TAG = re.compile(rb"\b(struct|union|enum)\s+(\w+)\s*\{?\s*\Z")
_SECTION_FUNCTION = re.compile(rb"(\w+)\s*\(")


class FileSymbols(NamedTuple):
    """What the lines of one file's change say. ``declared`` are all names that its added lines
    declare, locals included; ``used`` those that they name without declaring them. ``private``
    are those of ``defines`` that no other file sees."""

    path: PurePosixPath
    defines: frozenset[Symbol]
    removes: frozenset[Symbol]
    declared: frozenset[bytes]
    used: tuple[Word, ...]
    private: frozenset[str] = frozenset()


class Side(NamedTuple):
    """One image of a hunk as a text, and which of its lines, from 1, the patch changes."""

    text: bytes
    changed: frozenset[int]


def side(lines: tuple[Line, ...], kind: Kind) -> Side:
    """The image that *lines* are, where those of *kind* are its changed ones."""
    text = b"".join(line.text + b"\n" for line in lines)
    return Side(
        without_half_comments(text),
        frozenset(n for n, line in enumerate(lines, 1) if line.kind is kind),
    )


def without_half_comments(text: bytes) -> bytes:
    """*text*, a piece of a file, with what is the rest of a comment that began above it blank."""
    closing = text.find(b"*/")
    if closing >= 0 and b"/*" not in text[:closing]:
        text = _NOT_NEWLINE.sub(b" ", text[: closing + 2]) + text[closing + 2 :]
    return _STARRED.sub(lambda found: b" " * len(found[0]), text)


def is_c(path: PurePosixPath) -> bool:
    return path.suffix in C_SOURCES


def symbols(change: FileChange) -> FileSymbols:
    """What *change* defines, removes and uses; nothing where it is no C."""
    path = change.path
    if not is_c(path):
        return FileSymbols(path, frozenset(), frozenset(), frozenset(), ())
    defined: set[Symbol] = set()
    removed: set[Symbol] = set()
    private: set[str] = set()
    found: list[Word] = []
    for hunk in change.hunks:
        new, old = side(hunk.new, Kind.ADDED), side(hunk.old, Kind.REMOVED)
        made = [item for item in items(new.text) if item.line in new.changed]
        defined.update(symbol(item) for item in made)
        private.update(symbol(item).name for item in made if _is_private(item, new.text, path))
        removed.update(symbol(item) for item in items(old.text) if item.line in old.changed)
        found += (word for word in words(new.text) if word.line in new.changed)
    declared = frozenset(word.name for word in found if word.declared)
    used = {word.name: word for word in found if word.name not in declared}
    names = {one.name for one in defined & removed} | _both(defined, removed)
    return FileSymbols(
        path,
        frozenset(one for one in defined if one.name not in names),
        frozenset(one for one in removed if one.name not in names),
        declared,
        tuple(used.values()),
        frozenset(private),
    )


def _is_private(item: Item, text: bytes, path: PurePosixPath) -> bool:
    if path.suffix == ".h":
        return False
    if item.kind in ("function", "variable"):
        return text.split(b"\n", item.line)[item.line - 1].startswith(b"static")
    return item.kind != "declaration"


def _both(one: Iterable[Symbol], other: Iterable[Symbol]) -> set[str]:
    """Names on both sides: changed, neither new nor gone. A macro may become a function."""
    return {symbol.name for symbol in one} & {symbol.name for symbol in other}


def symbol(item: Item) -> Symbol:
    return Symbol(item.name.decode("latin-1"), item.kind)


def telling_uses(used: Iterable[Word]) -> frozenset[Symbol]:
    """The functions, types and macros among *used*."""
    return frozenset(
        Symbol(word.name.decode("latin-1"), word.kind)
        for word in used
        if word.kind in TELLING_USES or word.name.isupper()
    )


def touched(hunk: Hunk) -> tuple[Symbol, ...]:
    """The functions, macros, structs and variables that *hunk* changes, as its lines and its
    ``@@`` line tell, in order."""
    found: dict[Symbol, None] = {}
    for image in (side(hunk.old, Kind.REMOVED), side(hunk.new, Kind.ADDED)):
        found |= dict.fromkeys(_at_lines(image, hunk.section))
    if not found and hunk.section:
        found |= dict.fromkeys(_section(hunk.section))
    return tuple(found)


def _at_lines(image: Side, section: bytes) -> Iterator[Symbol]:
    owners = _owners(items(image.text))
    lines = image.text.split(b"\n")
    # Down to there a line is still part of what the section names.
    end = next((n for n, line in enumerate(lines, 1) if line[:1] == b"}"), len(lines))
    for number in sorted(image.changed):
        if number in owners:
            yield symbol(owners[number])
        elif number <= end and lines[number - 1][:1] in (b" ", b"\t", b"}", b""):
            yield from _section(section)


def _owners(found: Iterable[Item]) -> dict[int, Item]:
    """The innermost item at each line: those of *found* that begin later lie inside."""
    return {line: item for item in found for line in range(item.line, item.end_line + 1)}


def _section(section: bytes) -> Iterator[Symbol]:
    if section.rstrip().endswith(b";"):
        return  # a declaration or EXPORT_SYMBOL(): the hunk is below it, not in it
    tag = _SECTION_TAG.search(section)
    function = _SECTION_FUNCTION.search(section)
    if tag:
        yield Symbol(tag[2].decode("latin-1"), tag[1].decode())
    elif function:
        yield Symbol(function[1].decode("latin-1"), "function")


def touched_at(hunk: Hunk, source: Sequence[Item], at: int, *, is_new: bool) -> tuple[Symbol, ...]:
    """As :func:`touched`, out of the *source*'s own items, where the hunk's old image (its new
    one, for *is_new*) begins at line *at*."""
    lines = hunk.new if is_new else hunk.old
    changed = Kind.ADDED if is_new else Kind.REMOVED
    numbers = [at + n for n, line in enumerate(lines) if line.kind is changed]
    found: dict[Symbol, None] = {}
    owners = _owners(source)
    for number in numbers or _insertions(hunk, at):
        if number in owners:
            found[symbol(owners[number])] = None
    made = side(hunk.new, Kind.ADDED)
    found |= {symbol(item): None for item in items(made.text) if item.line in made.changed}
    return tuple(found)


def _insertions(hunk: Hunk, at: int) -> Iterator[int]:
    """The lines below which a hunk that removes nothing inserts something."""
    number = at - 1
    for line in hunk.lines:
        if line.kind is Kind.ADDED:
            yield number
        else:
            number += 1
