"""``$?`` of make 3.82 and later names prerequisites that do not exist: FORCE makes all again.

An early Kbuild asks with it whether an object is out of date, where older makes named none such.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from patchkit.csource.edit import Edit
from patchkit.kbuild.newcc.rule import Rule, TreeFacts
from patchkit.kbuild.newcc.source import Source

_NEWER = re.compile(rb"\$\(if[ \t]+\$\(strip[ \t]+(?P<newer>\$\?)(?=[\s)])")


def find(source: Source, _: TreeFacts) -> Iterator[Edit]:
    for found in _NEWER.finditer(source.text):
        yield Edit(*found.span("newer"), b"$(wildcard $?)")


RULE = Rule(
    "existing-prerequisites", "what does not exist is not newer", re.compile(rb"strip[ \t]+\$\?"),
    find,
)  # fmt: skip
