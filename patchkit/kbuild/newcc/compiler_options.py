"""Compiler options that gcc 3 renamed: ``-m386``, ``-malign-loops=`` and their kin."""

from __future__ import annotations

import re
from collections.abc import Iterator

from patchkit.csource.edit import Edit
from patchkit.kbuild.newcc.rule import Rule, TreeFacts
from patchkit.kbuild.newcc.source import Source

_OPTION = re.compile(
    rb"(?<=[\s=\"])-m(?:(?P<cpu>[345]86)|(?P<align>align-(?:loops|jumps|functions)=))"
)


def find(source: Source, _: TreeFacts) -> Iterator[Edit]:
    for found in _OPTION.finditer(source.text):
        new = b"-march=i" + found["cpu"] if found["cpu"] else b"-f" + found["align"]
        yield Edit(*found.span(), new)


RULE = Rule(
    "compiler-options", "options have their new names", re.compile(rb"-m(?:[345]86|align)"), find
)
