"""``const`` data in the section of data that is not: one section has one kind."""

from __future__ import annotations

import re
from collections.abc import Iterator

from patchkit.csource.edit import Edit
from patchkit.kbuild.newcc.rule import Rule, TreeFacts
from patchkit.kbuild.newcc.source import Source

_CONSTANT = re.compile(rb"\bstatic[ \t]+(?P<const>const)\b[^;=(){}\n]*\b__(?:dev)?initdata\b")


def find(source: Source, _: TreeFacts) -> Iterator[Edit]:
    for found in _CONSTANT.finditer(source.code):
        yield Edit(*found.span("const"), b"     ")


RULE = Rule("init-constants", "a section is constant or not", re.compile(rb"initdata"), find)
