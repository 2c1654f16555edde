"""A program of the build that includes <asm/boot.h>: the tree's own, as the machine's has no more
than programs may know."""

from __future__ import annotations

import re
from collections.abc import Iterator

from patchkit.csource.edit import Edit
from patchkit.kbuild.newcc.rule import Rule, TreeFacts
from patchkit.kbuild.newcc.source import Source

_INCLUDE = re.compile(rb"^[ \t]*#[ \t]*include[ \t]*(?P<name><asm/boot\.h>)", re.MULTILINE)


def find(source: Source, _: TreeFacts) -> Iterator[Edit]:
    if b"<stdio.h>" not in source.text:
        return
    up = b"../" * (len(source.path.parts) - 1)
    for found in _INCLUDE.finditer(source.code):
        yield Edit(*found.span("name"), b'"%sinclude/asm/boot.h"' % up)


RULE = Rule(
    "program-headers", "the tree's headers are its own", re.compile(rb"<asm/boot\.h>"), find
)
