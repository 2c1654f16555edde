"""``static struct x a[];`` first and ``struct x a[] = ...`` later: the first one says extern.

The older compiler let the definition decide, so that others may use the name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from patchkit.csource.edit import Edit
from patchkit.kbuild.newcc.branches import Branches
from patchkit.kbuild.newcc.rule import Rule, TreeFacts
from patchkit.kbuild.newcc.source import Source

_NAMED = rb"(?:[A-Za-z_]\w*[ \t*]+)+(?P<name>\w+)[ \t]*(?:\[[^\]\n]*\][ \t]*)*"
_FORWARD = re.compile(rb"^(?P<static>static)[ \t]+" + _NAMED + rb";", re.MULTILINE)
_PLAIN = re.compile(
    rb"^(?!(?:static|extern|typedef|return|else|goto)\b)" + _NAMED + rb"=(?!=)", re.MULTILINE
)


def find(source: Source, _: TreeFacts) -> Iterator[Edit]:
    plain: dict[bytes, int] = {}
    for found in _PLAIN.finditer(source.code):
        plain.setdefault(found["name"], found.start())
    branches = Branches(source.code)
    for found in _FORWARD.finditer(source.code) if plain else ():
        if branches.together(found.start(), plain.get(found["name"])):
            yield Edit(*found.span("static"), b"extern")


RULE = Rule(
    "static-then-plain",
    "one name has one linkage",
    re.compile(rb"^static\b[^\n;={(]*;", re.MULTILINE),
    find,
)
