"""``#if __GNUC__ > 4`` before an #error, as if none came after 4: later ones take its branch."""

from __future__ import annotations

import re
from collections.abc import Iterator

from patchkit.csource.edit import Edit
from patchkit.kbuild.newcc.rule import Rule, TreeFacts
from patchkit.kbuild.newcc.source import Source

_REFUSED = re.compile(
    rb"^[ \t]*#[ \t]*if[ \t]+__GNUC__[ \t]*>[ \t]*(?P<last>\d+)[ \t]*\n"
    rb"[ \t]*#[ \t]*error[^\n]*\n"
    rb"[ \t]*#[ \t]*elif[ \t]+__GNUC__[ \t]*(?P<same>==)[ \t]*(?P=last)[ \t]*$",
    re.MULTILINE,
)


def find(source: Source, _: TreeFacts) -> Iterator[Edit]:
    for found in _REFUSED.finditer(source.text):
        yield Edit(*found.span("last"), b"1000")
        yield Edit(*found.span("same"), b">=")


RULE = Rule("compiler-version", "gcc went on after 4", re.compile(rb"__GNUC__[ \t]*>"), find)
