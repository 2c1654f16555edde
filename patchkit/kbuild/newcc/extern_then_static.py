"""``extern`` first and ``static`` later in one file: the first one says static too."""

from __future__ import annotations

import re
from collections.abc import Iterator

from patchkit.csource.edit import Edit
from patchkit.kbuild.newcc.branches import Branches
from patchkit.kbuild.newcc.prototypes import PROTOTYPE
from patchkit.kbuild.newcc.rule import Rule, TreeFacts
from patchkit.kbuild.newcc.source import Source

# STATIC is what drivers call it that can be compiled with their symbols shown
_STATIC = re.compile(
    rb"^(?P<word>static|STATIC|__initfunc\(static)\b[\w\s*]*?[\s*](?P<name>\w+)\s*"
    rb"(?:\[[^\]]*\]\s*)*(?:\w*(?:INITDATA|initdata)\s*)?"
    rb"(?:=|;|\([^;{}]*\)\s*(?:\{|;|[\w\s]*\{))",
    re.MULTILINE,
)
_EXTERN = re.compile(
    rb"^[ \t]*(extern)\b(?!\s*(?:__)?inline)[\w\s*]*?[\s*](\w+)"
    rb"\s*(?:\[[^\]]*\]\s*)*(?=;|\([^;{}]*\)\s*;)",
    re.MULTILINE,
)


def find(source: Source, _: TreeFacts) -> Iterator[Edit]:
    if source.path.suffix != ".c":  # in a header the two stand in two branches of one #if
        return
    code = source.code
    statics: dict[bytes, tuple[int, bytes]] = {}
    for found in _STATIC.finditer(code):
        word = b"STATIC" if found["word"] == b"STATIC" else b"static"
        statics.setdefault(found["name"], (found.start(), word))
    branches = Branches(code)
    for found in _EXTERN.finditer(code):
        at, word = statics.get(found[2], (None, b""))
        if branches.together(found.start(), at):
            yield Edit(found.start(1), found.end(1), word)
    for found in PROTOTYPE.finditer(code):
        at, word = statics.get(found["name"], (None, b""))
        if branches.together(found.start(), at):
            yield Edit(found.start(), found.start(), word + b" ")


RULE = Rule(
    "extern-then-static",
    "one name has one linkage",
    re.compile(rb"^(?:static|STATIC)\b", re.MULTILINE),
    find,
)
