"""A static function that is used above its definition and declared nowhere: it gets a declaration.

The use declares it by itself, as ``int f()`` of another file; gcc 2.x let it be static later.
The declaration has the parameters, as ``f()`` says that a char or a short comes as an int; but
not where they name a struct, which may be unknown that far up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from patchkit.csource.edit import Edit
from patchkit.kbuild.newcc.branches import Branches
from patchkit.kbuild.newcc.rule import Rule, TreeFacts
from patchkit.kbuild.newcc.source import Source

_DEFINED = re.compile(
    rb"^static[ \t]+(?P<type>(?:unsigned[ \t]+)?int)[ \t]+(?:__\w+[ \t]+)*(?P<name>\w+)[ \t]*"
    rb"\((?P<parameters>(?:[^(){};]|\([^(){};]*\))*)\)\s*\{",
    re.MULTILINE,
)
_WORD = re.compile(rb"(?<![\w.>])\w+")
_TAG = re.compile(rb"\b(?:struct|union|enum)\b")


def find(source: Source, _: TreeFacts) -> Iterator[Edit]:
    if source.path.suffix != ".c":
        return
    code = source.code
    branches = Branches(code)
    for found in _DEFINED.finditer(code):
        first = _first(code, found["name"])
        if first is None or not _is_call(code, first, found.start()):
            continue
        place = _above(code, first.start())
        if (
            place is not None
            and branches.together(first.start(), found.start())
            and branches.covers(place, first.start())
        ):
            given = b" ".join(found["parameters"].split())
            named = (found["type"], found["name"], b"" if _TAG.search(given) else given)
            yield Edit(place, place, b" static %s %s(%s);" % named)


def _first(code: bytes, name: bytes) -> re.Match[bytes] | None:
    """The first *name* that is a word of its own, and no member's."""
    at = code.find(name)
    while at >= 0:
        found = _WORD.match(code, at)
        if found is not None and found[0] == name:
            return found
        at = code.find(name, at + 1)
    return None


def _is_call(code: bytes, first: re.Match[bytes], defined: int) -> bool:
    """Is *first*, above the definition, a use in a function's body?"""
    line = code.rfind(b"\n", 0, first.start()) + 1
    return (
        first.end() < defined
        and code[line : line + 1] in b" \t"
        and code[first.end() : first.end() + 1] == b"("
        and _no_declaration(code[line : first.start()])
    )


def _no_declaration(before: bytes) -> bool:
    """Is what stands on the line *before* the name no beginning of a declaration?"""
    return (
        re.fullmatch(rb"[ \t]*(?:[A-Za-z_]\w*[ \t]+)+\**[ \t]*", before) is None
        or re.match(rb"[ \t]*(?:return|else|case|goto)\b", before) is not None
    )


def _above(code: bytes, use: int) -> int | None:
    """The end of the line on which the last definition above *use* ends."""
    closed = code.rfind(b"\n}", 0, use)
    end = code.find(b"\n", closed + 1)
    return None if closed < 0 or code[end - 1 : end] == b"\\" else end


RULE = Rule(
    "late-statics", "one name has one linkage", re.compile(rb"^static\b", re.MULTILINE), find
)
