"""A line end inside a string literal: the string ends there and goes on in the next line."""

from __future__ import annotations

import re
from collections.abc import Iterator

from patchkit.csource.edit import Edit
from patchkit.kbuild.newcc.rule import Rule, TreeFacts
from patchkit.kbuild.newcc.source import Source

_LINE_END = re.compile(rb"(?<!\\)\n")


def find(source: Source, _: TreeFacts) -> Iterator[Edit]:
    if source.path.suffix == ".S":
        return
    for start, end in source.strings:
        for found in _LINE_END.finditer(source.text, start, end):
            yield Edit(found.start(), found.end(), b'\\n"\n"')


RULE = Rule("raw-newlines", "a string literal ends on its line", re.compile(rb'"'), find)
