"""``M(half., x)`` where M pastes its arguments: ``.`` and x make no token. The call is spelled out.

Dropping the ``##``, as where it stands beside punctuation itself, would leave a blank between the
two, which shows where the result becomes a string.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from patchkit.csource.edit import Edit
from patchkit.kbuild.newcc.rule import Rule, TreeFacts
from patchkit.kbuild.newcc.source import Source

_MACRO = re.compile(
    rb"^[ \t]*#[ \t]*define[ \t]+(?P<name>\w+)\([ \t]*(?P<left>\w+)[ \t]*,[ \t]*(?P<right>\w+)"
    rb"[ \t]*\)[ \t]*(?P<body>[^\n]*\b(?P=left)[ \t]*##[ \t]*(?P=right)\b[^\n\\]*)$",
    re.MULTILINE,
)


def find(source: Source, _: TreeFacts) -> Iterator[Edit]:
    for macro in _MACRO.finditer(source.code):
        call = re.compile(
            rb"\b" + macro["name"] + rb"\([ \t]*(?P<left>[^,()\n]*(?:\.|->))[ \t]*,"
            rb"[ \t]*(?P<right>\w+)[ \t]*\)"
        )
        pasted = re.compile(rb"\b" + macro["left"] + rb"[ \t]*##[ \t]*" + macro["right"] + rb"\b")
        for found in call.finditer(source.code):
            new = found["left"] + found["right"]
            yield Edit(*found.span(), pasted.sub(lambda _, new=new: new, macro["body"].rstrip()))


RULE = Rule("pasted-arguments", "## joins two halves of one token", re.compile(rb"##"), find)
