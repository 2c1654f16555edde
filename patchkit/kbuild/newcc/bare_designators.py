"""``.field 5`` in an initialiser, its ``=`` forgotten: gcc before 3 let it pass."""

from __future__ import annotations

import re
from collections.abc import Iterator

from patchkit.csource.edit import Edit
from patchkit.kbuild.newcc.rule import Rule, TreeFacts
from patchkit.kbuild.newcc.source import Source

_BARE = re.compile(rb"[{,]\s*\.\w+(?P<gap>[ \t]+)(?=-?\d)")


def find(source: Source, _: TreeFacts) -> Iterator[Edit]:
    for found in _BARE.finditer(source.code):
        yield Edit(*found.span("gap"), b" = ")


RULE = Rule(
    "bare-designators", "a designated value has its =", re.compile(rb"\.\w+[ \t]+-?\d"), find
)
