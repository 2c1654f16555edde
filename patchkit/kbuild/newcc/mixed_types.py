"""``__u8 short x``: gcc before 3.3 took the last word, a plain ``short``, and said nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from patchkit.csource.edit import Edit
from patchkit.kbuild.newcc.rule import Rule, TreeFacts
from patchkit.kbuild.newcc.source import Source

_MIXED = re.compile(
    rb"\b(?P<first>(?:__)?[us](?:8|16|32)[ \t]+)(?:short|long)\b(?=[ \t]+\w+[ \t]*[;,=\[)])"
)


def find(source: Source, _: TreeFacts) -> Iterator[Edit]:
    for found in _MIXED.finditer(source.code):
        yield Edit(*found.span("first"), b"")


RULE = Rule("mixed-types", "a declaration has one type", _MIXED, find)
