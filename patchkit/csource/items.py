"""What stands at the top of a C file, with its lines: functions, macros, structs, declarations.

Works on a piece of a file too: what counts as the top is told by the first column, as in all of the
kernel's own style, where a piece begins inside a function.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import NamedTuple

from patchkit.csource.functions import Block
from patchkit.csource.unit import Unit

_NOT_BLANK = re.compile(rb"\S")
_TAG = re.compile(rb"\b(struct|union|enum)\s+(\w+)\s*\Z")
_TYPEDEF_NAME = re.compile(rb"\s*(\w+)\s*;")
# Bounded, since every line of a text without a semicolon begins one.
_STATEMENT = re.compile(rb"^[A-Za-z_][^;{}]{0,1000};", re.MULTILINE)
_NAME = re.compile(rb"(\w+)\s*(?:\[[^\]]*\]\s*)*(?:=.*)?\Z", re.DOTALL)
_FUNCTION = re.compile(rb"(\w+)\s*\([^=]*\)[\s\w()]*\Z", re.DOTALL)
_NO_DECLARATION = re.compile(
    rb"(?:return|goto|else|if|for|while|do|switch|case|default|break|continue)\b"
    rb"|(?:struct|union|enum)\s+\w+\s*\Z|\w+\s*(?:\(|[-+*/|&^]?=|->|\.|\+\+|--|:)"
)


class Item(NamedTuple):
    """``kind`` is function, macro, struct, union, enum, typedef, variable or declaration (of a
    function elsewhere). Lines count from 1, both included."""

    kind: str
    name: bytes
    line: int
    end_line: int


def items(source: bytes) -> tuple[Item, ...]:
    """The items of *source*, a C file or a piece of one, in the order of their first lines."""
    unit = Unit(PurePosixPath("piece"), source, {})
    found = [*_macros(unit), *_functions(unit), *_blocks(unit), *_statements(unit)]
    return tuple(sorted(found, key=lambda item: (item.line, item.end_line)))


def _macros(unit: Unit) -> Iterator[Item]:
    for directive in unit.text.directives:
        named = re.match(rb"\s*(\w+)", directive.text)
        if directive.keyword == b"define" and named:
            yield _item(unit, "macro", named[1], directive.start, directive.end)


def _functions(unit: Unit) -> Iterator[Item]:
    for function in unit.functions.all:
        # Indented, it is a loop of a macro's making, list_for_each() {, in a piece of a function.
        if _in_first_column(unit, function.start):
            yield _item(unit, "function", function.name, function.start, function.end)


def _blocks(unit: Unit) -> Iterator[Item]:
    for block in unit.functions.blocks:
        start = _begin(unit, block)
        head = unit.text.plain[start : block.brace].rstrip()
        if not _in_first_column(unit, start):
            continue
        tag = _TAG.search(head)
        if tag:
            yield _item(unit, tag[1].decode(), tag[2], start, block.end)
        if head.startswith(b"typedef"):
            name = _TYPEDEF_NAME.match(unit.text.plain, block.end)
            if name:
                yield _item(unit, "typedef", name[1], start, name.end())
        elif head.endswith(b"="):
            variable = _NAME.search(head[:-1].rstrip())
            if variable:
                yield _item(unit, "variable", variable[1], start, block.end)


def _in_first_column(unit: Unit, start: int) -> bool:
    first = _NOT_BLANK.search(unit.text.plain, start)
    return first is None or unit.text.plain[max(first.start() - 1, 0) : first.start()] in (
        b"",
        b"\n",
    )


def _begin(unit: Unit, block: Block) -> int:
    """Where the declaration begins that has *block*'s braces."""
    head = unit.text.plain[block.start : block.brace]
    above = max(head.rfind(b";"), head.rfind(b"}")) + 1
    return block.start + above + len(head[above:]) - len(head[above:].lstrip())


def _statements(unit: Unit) -> Iterator[Item]:
    """Declarations that begin in the first column, outside of all braces."""
    top = bytearray(unit.text.plain)
    spans = [(function.start, function.end) for function in unit.functions.all]
    spans += [(_begin(unit, block), block.end) for block in unit.functions.blocks]
    for start, end in spans:
        top[start:end] = re.sub(rb"[^\n]", b" ", bytes(top[start:end]))
    for found in _STATEMENT.finditer(bytes(top)):
        declared = _declared(found[0][:-1].rstrip())
        if declared is not None:
            yield _item(unit, *declared, found.start(), found.end())


def _declared(text: bytes) -> tuple[str, bytes] | None:
    """The kind and the name of what the statement *text* declares."""
    if _NO_DECLARATION.match(text) or len(text.split()) == 1:
        return None
    function = _FUNCTION.search(text)
    if text.startswith(b"typedef"):
        kind, named = "typedef", _NAME.search(text)
    elif function and function[1].isupper():
        # DECLARE_MUTEX(name), but DEFINE_PER_CPU(type, name)
        last = rb"(\w+)\s*\)\s*\Z" if b"PER_CPU" in function[1] else rb"\(\s*(\w+)"
        kind, named = "variable", re.search(last, text)
    elif function:
        kind, named = "declaration", function
    else:
        kind, named = "variable", _NAME.search(text.partition(b"=")[0].rstrip())
    return (kind, named[1]) if named else None


def _item(unit: Unit, kind: str, name: bytes, start: int, end: int) -> Item:
    return Item(kind, name, unit.line(start), unit.line(max(start, end - 1)))
