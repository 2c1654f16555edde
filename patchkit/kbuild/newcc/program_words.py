"""A program of the build for which ``unsigned long`` has 32 bits: it runs on machines of 64 now."""

from __future__ import annotations

import re
from collections.abc import Iterator

from patchkit.csource.edit import Edit
from patchkit.kbuild.newcc.rule import Rule, TreeFacts
from patchkit.kbuild.newcc.source import Source

_WORD = re.compile(rb"^typedef[ \t]+unsigned[ \t]+(?P<long>long)[ \t]+u32[ \t]*;", re.MULTILINE)


def find(source: Source, _: TreeFacts) -> Iterator[Edit]:
    if b"<stdio.h>" in source.text:
        for found in _WORD.finditer(source.code):
            yield Edit(*found.span("long"), b"int")


RULE = Rule("program-words", "u32 has 32 bits", re.compile(rb"long[ \t]+u32"), find)
