"""A label with nothing after it in its block: an empty statement follows."""

from __future__ import annotations

import re
from collections.abc import Iterator

from patchkit.csource.edit import Edit
from patchkit.kbuild.newcc.rule import Rule, TreeFacts
from patchkit.kbuild.newcc.source import Source

_LABEL = re.compile(
    rb"(?:(?<=[;{}\n])|(?<=\\\n))[ \t]*(?:case\b[^;:?{}\"]+|[A-Za-z_]\w*)[ \t]*:(?=[\s\\]*\})"
)


def find(source: Source, _: TreeFacts) -> Iterator[Edit]:
    for found in _LABEL.finditer(source.code):
        yield Edit(found.end(), found.end(), b" ;")


RULE = Rule("bare-labels", "a label labels a statement", re.compile(rb":[\s\\]*[}/]"), find)
