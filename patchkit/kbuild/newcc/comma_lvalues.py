"""A macro that yields ``((void)(cpu), place)`` and is assigned to: through the place's address."""

from __future__ import annotations

import re
from collections.abc import Iterator

from patchkit.csource.edit import Edit
from patchkit.kbuild.newcc.rule import Rule, TreeFacts
from patchkit.kbuild.newcc.source import Source

_COMMA = re.compile(
    rb"^[ \t]*#[ \t]*define[ \t]+\w+\([^)]*\)[ \t\\\n]*"
    rb"(?P<open>\()\(void\)[ \t]*\(?\w+\)?,[ \t]*"
    rb"(?P<place>\w+(?:\[[^\]\n]*\])?(?:(?:\.|->)\w+)+|\w+##\w+)(?P<close>\))",
    re.MULTILINE,
)


def find(source: Source, _: TreeFacts) -> Iterator[Edit]:
    for found in _COMMA.finditer(source.code):
        yield Edit(found.start("open"), found.start("open"), b"(*")
        yield Edit(found.start("place"), found.start("place"), b"&")
        yield Edit(found.end("close"), found.end("close"), b")")


RULE = Rule("comma-lvalues", "a comma expression is no lvalue", re.compile(rb"\(\(void\)"), find)
