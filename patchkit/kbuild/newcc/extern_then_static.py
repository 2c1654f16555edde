"""``extern`` first and ``static`` later in one file: the first one says static too."""

from __future__ import annotations

import re
from collections.abc import Iterator

from patchkit.csource.edit import Edit
from patchkit.kbuild.newcc.branches import Branches
from patchkit.kbuild.newcc.rule import Rule, TreeFacts
from patchkit.kbuild.newcc.source import Source

_STATIC = re.compile(
    rb"^(?:static|__initfunc\(static)\b[\w\s*]*?[\s*](\w+)\s*(?:\[[^\]]*\]\s*)*(?:=|;|\([^;{}]*\)\s*(?:\{|;|[\w\s]*\{))",
    re.MULTILINE,
)
_EXTERN = re.compile(
    rb"^[ \t]*(extern)\b(?!\s*(?:__)?inline)[\w\s*]*?[\s*](\w+)"
    rb"\s*(?:\[[^\]]*\]\s*)*(?=;|\([^;{}]*\)\s*;)",
    re.MULTILINE,
)
_PLAIN = re.compile(
    rb"^(?![^;(){}]*\bstatic\b)(?!extern\b|typedef\b|return\b|else\b|asmlinkage\b)"
    rb"(?:[A-Za-z_][\w]*[ \t*]+)+?(\w+)[ \t]*\([^;{}()]*(?:\([^()]*\)[^;{}()]*)*\)[ \t]*;",
    re.MULTILINE,
)


def find(source: Source, _: TreeFacts) -> Iterator[Edit]:
    if source.path.suffix != ".c":  # in a header the two stand in two branches of one #if
        return
    code = source.code
    statics: dict[bytes, int] = {}
    for found in _STATIC.finditer(code):
        statics.setdefault(found[1], found.start())
    branches = Branches(code)
    for found in _EXTERN.finditer(code):
        if branches.together(found.start(), statics.get(found[2])):
            yield Edit(found.start(1), found.end(1), b"static")
    for found in _PLAIN.finditer(code):
        if branches.together(found.start(), statics.get(found[1])):
            yield Edit(found.start(), found.start(), b"static ")


RULE = Rule(
    "extern-then-static", "one name has one linkage", re.compile(rb"^static\b", re.MULTILINE), find
)
