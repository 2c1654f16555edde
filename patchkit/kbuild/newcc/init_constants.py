"""``const`` data in the section of data that is not: one section has one kind."""

from __future__ import annotations

import re
from collections.abc import Iterator

from patchkit.csource.edit import Edit
from patchkit.kbuild.newcc.rule import Rule, TreeFacts
from patchkit.kbuild.newcc.source import Source

# a driver may give __initdata a name of its own
_SECTION = rb"\b\w*__(?:dev)?(?:initdata|INITDATA)\b"
_CONSTANT = re.compile(rb"\bstatic[ \t]+(?P<const>const)\b[^;=(){}\n]*" + _SECTION)
_WITH_STRUCT = re.compile(
    rb"\bstatic[ \t]+(?P<const>const)[ \t]+struct\b[^;=(){}]*\{[^{}]*\}[^;=(){}\n]*" + _SECTION
)


def find(source: Source, _: TreeFacts) -> Iterator[Edit]:
    for pattern in (_CONSTANT, _WITH_STRUCT):
        for found in pattern.finditer(source.code):
            yield Edit(*found.span("const"), b"     ")


RULE = Rule(
    "init-constants", "a section is constant or not", re.compile(rb"initdata|INITDATA"), find
)
