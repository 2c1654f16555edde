"""``(c ? a : b) = x``: through the address, ``*(c ? &a : &b) = x``."""

from __future__ import annotations

import re
from collections.abc import Iterator

from patchkit.csource.edit import Edit
from patchkit.kbuild.newcc.rule import Rule, TreeFacts
from patchkit.kbuild.newcc.source import Source

_PLACE = rb"\**[A-Za-z_]\w*(?:(?:->|\.)\w+|\[[^\[\]();]*\])*"
_CONDITIONAL = re.compile(
    rb"(?<=[;{}])[\s\\]*(?P<open>\()[^()?:;]+\?[ \t]*(?P<yes>" + _PLACE + rb")[ \t]*:"
    rb"[ \t]*(?P<no>" + _PLACE + rb")[ \t]*\)\s*(?:[-+*/|&^]|<<|>>)?=(?!=)"
)


def find(source: Source, _: TreeFacts) -> Iterator[Edit]:
    for found in _CONDITIONAL.finditer(source.code):
        yield Edit(found.start("open"), found.start("open"), b"*")
        for place in ("yes", "no"):
            yield Edit(found.start(place), found.start(place), b"&")


RULE = Rule(
    "conditional-lvalues",
    "a conditional is no lvalue",
    re.compile(rb"\?[^;]*\)\s*[^=!<>\s]?="),
    find,
)
