"""``##`` beside punctuation makes no token; the text stands side by side without it.

``, ## args`` is GNU C and stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from patchkit.csource.edit import Edit
from patchkit.kbuild.newcc.rule import Rule, TreeFacts
from patchkit.kbuild.newcc.source import Source

_IDLE = re.compile(rb"(?<=[.>)(\[\]\"*&;:=+{}])[ \t]*(##)|(##)(?=[ \t]*(?:[.()\[\]\"*&;:={}]|->))")
_NAME_BEFORE = re.compile(rb"[ \t]*##\Z")


def find(source: Source, _: TreeFacts) -> Iterator[Edit]:
    for found in _IDLE.finditer(source.code):
        group = 1 if found[1] else 2
        yield Edit(found.start(group), found.end(group), b"  ")


RULE = Rule("idle-pasting", "## joins two halves of one token", re.compile(rb"##"), find)
