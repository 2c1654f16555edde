"""A parameter ``struct X a[]`` where X is not known yet: a pointer, which it is anyway."""

from __future__ import annotations

import re
from collections.abc import Iterator

from patchkit.csource.edit import Edit
from patchkit.kbuild.newcc.rule import Rule, TreeFacts
from patchkit.kbuild.newcc.source import Source

_PARAMETER = re.compile(
    rb"[(,]\s*(?:const\s+)?(?:struct|union)\s+\w+(?P<gap>\s+)(?P<name>\w*)\s*\[\s*\w*\s*\](?=\s*[,)])"
)


def find(source: Source, _: TreeFacts) -> Iterator[Edit]:
    for found in _PARAMETER.finditer(source.code):
        lines = b"\n" * found[0][found.end("gap") - found.start() :].count(b"\n")
        yield Edit(found.end("gap"), found.end(), b"*" + found["name"] + lines)


RULE = Rule(
    "array-parameters",
    "an array parameter is a pointer",
    re.compile(rb"(?:struct|union)\b.*\["),
    find,
)
