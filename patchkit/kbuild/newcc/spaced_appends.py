"""``x + = y`` in a Makefile: make 3.82 and later take no name with a blank in it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from patchkit.csource.edit import Edit
from patchkit.kbuild.newcc.rule import Rule, TreeFacts
from patchkit.kbuild.newcc.source import Source

_APPEND = re.compile(rb"^[^\s#:=][^\n#:=]*?[ \t](?P<sign>\+[ \t]+=)", re.MULTILINE)


def find(source: Source, _: TreeFacts) -> Iterator[Edit]:
    for found in _APPEND.finditer(source.text):
        yield Edit(*found.span("sign"), b"+=")


RULE = Rule("spaced-appends", "+= is one sign", re.compile(rb"\+[ \t]+="), find)
