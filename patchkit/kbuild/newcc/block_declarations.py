"""A function declared in a block: gcc 2.x let the file define it static, and took ``static`` there.

The declaration goes in front of the function whose block it was, where it may say static.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from patchkit.csource.edit import Edit
from patchkit.kbuild.newcc.branches import Branches
from patchkit.kbuild.newcc.rule import Rule, TreeFacts
from patchkit.kbuild.newcc.source import Source

_NOT_A_TYPE = rb"(?!(?:return|goto|else|case|do|typedef|register|auto|asm|sizeof)\b)"
_INNER = re.compile(
    rb"(?<=[;{}\n])[ \t]+(?P<all>(?P<linkage>(?:static|extern)[ \t]+)?"
    + _NOT_A_TYPE
    + rb"(?P<rest>(?:[A-Za-z_]\w*[ \t*]+)+(?P<name>\w+)[ \t]*\([^;{}()\\]*\)[ \t]*;))"
)
_DEFINED = re.compile(
    rb"^static\b(?![^;{}()=]*\binline\b)[\w \t\n*]*?[\s*](\w+)\s*\([^;{}]*\)\s*\{", re.MULTILINE
)
_LINE_END = re.compile(rb"[ \t]*\n[ \t]*")
_BODY = re.compile(rb"^\{.*?^\}|^\w[^;{}\n]*\{[ \t]*\n.*?^\}", re.MULTILINE | re.DOTALL)


def find(source: Source, _: TreeFacts) -> Iterator[Edit]:
    if source.path.suffix != ".c":
        return
    code = source.code
    defined = {found[1]: found.start() for found in _DEFINED.finditer(code)}
    branches = Branches(code)
    for body in _BODY.finditer(code) if defined else ():
        inner = [
            found
            for found in _INNER.finditer(code, *body.span())
            if branches.together(found.start("all"), defined.get(found["name"]))
        ]
        place = _above(code, body.start(), branches) if inner else None
        if place is None:
            continue
        lifted = b"".join(b" static " + _LINE_END.sub(b" ", found["rest"]) for found in inner)
        yield Edit(place, place, lifted)
        for found in inner:
            yield Edit(*found.span("all"), b";" + b"\n" * found["all"].count(b"\n"))


def _above(code: bytes, body: int, branches: Branches) -> int | None:
    """The end of the line on which the last definition ends that is there whenever *body* is."""
    closed = code.rfind(b"\n}", 0, body)
    while closed >= 0:
        end = code.find(b"\n", closed + 1)
        if code[end - 1 : end] != b"\\" and branches.covers(end, body):
            return end
        closed = code.rfind(b"\n}", 0, closed)
    return None


RULE = Rule(
    "block-declarations",
    "a static function is declared outside of functions",
    re.compile(rb"^[ \t]+(?:static[ \t]|extern[ \t]|\w[\w \t*]*\([^;{}]*\);)", re.MULTILINE),
    find,
)
