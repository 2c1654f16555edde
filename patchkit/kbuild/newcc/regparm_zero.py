"""``asmlinkage`` as ``regparm(0)``: the default, and it forbids ``regparm(3)`` beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from patchkit.csource.edit import Edit
from patchkit.kbuild.newcc.rule import Rule, TreeFacts
from patchkit.kbuild.newcc.source import Source

_REGPARM = re.compile(rb"__attribute__\s*\(\(regparm\(0\)\)\)")


def find(source: Source, _: TreeFacts) -> Iterator[Edit]:
    for found in _REGPARM.finditer(source.code):
        yield Edit(*found.span(), b"")


RULE = Rule("regparm-zero", "regparm(0) is the default", re.compile(rb"regparm\(0\)"), find)
