"""A function whose prototype says FASTCALL: its definition takes its arguments in registers too."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from patchkit.csource.edit import Edit
from patchkit.kbuild.newcc.rule import Rule, TreeFacts
from patchkit.kbuild.newcc.source import Source

_PROTOTYPE = re.compile(rb"\bFASTCALL\s*\(\s*(?:[\w\s*]*?[\s*])??(\w+)\s*\(")
_DEFINITION = re.compile(
    rb"^(?P<type>[A-Za-z_][\w \t*]*?[ \t*\n])(?P<name>\w+)[ \t]*"
    rb"\((?P<parameters>[^(){};]*(?:\([^()]*\)[^(){};]*)*)\)\s*\{",
    re.MULTILINE,
)


def fastcall_names(texts: Iterable[bytes]) -> frozenset[bytes]:
    """The functions that FASTCALL prototypes in *texts* name."""
    return frozenset(
        found[1]
        for text in texts
        if b"FASTCALL" in text
        for found in _PROTOTYPE.finditer(text)
        if found[1] != b"x"
    )


def find(source: Source, facts: TreeFacts) -> Iterator[Edit]:
    for found in _DEFINITION.finditer(source.code):
        if found["name"] in facts.fastcall and b"regparm" not in found["type"]:
            yield Edit(found.start("name"), found.start("name"), b"__attribute__((regparm(3))) ")


RULE = Rule(
    "fastcall-definitions",
    "prototype and definition agree on registers",
    re.compile(rb"^\w.*\(", re.MULTILINE),
    find,
)
