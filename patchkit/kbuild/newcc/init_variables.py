"""A variable in the section of functions, ``static int __init x``: it goes to that of data."""

from __future__ import annotations

import re
from collections.abc import Iterator

from patchkit.csource.edit import Edit
from patchkit.kbuild.newcc.rule import Rule, TreeFacts
from patchkit.kbuild.newcc.source import Source

_VARIABLE = re.compile(
    rb"^(?:static[ \t]+)?(?:[A-Za-z_]\w*[ \t*]+)+(?P<init>__(?:dev)?init)[ \t]+"
    rb"\w+[ \t]*(?:\[[^\]\n]*\][ \t]*)*(?:=|;)",
    re.MULTILINE,
)


def find(source: Source, _: TreeFacts) -> Iterator[Edit]:
    for found in _VARIABLE.finditer(source.code):
        yield Edit(found.end("init"), found.end("init"), b"data")


RULE = Rule(
    "init-variables", "a section has code or data", re.compile(rb"__(?:dev)?init[ \t]"), find
)
