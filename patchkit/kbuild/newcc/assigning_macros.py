"""``#define TAKE(p, n) p -= n`` and ``(T *)TAKE(p, n)``: the assignment gets brackets.

Without them the cast binds to p alone, and a cast is no lvalue.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from patchkit.csource.edit import Edit
from patchkit.kbuild.newcc.rule import Rule, TreeFacts
from patchkit.kbuild.newcc.source import Source

_MACRO = re.compile(
    rb"^[ \t]*#[ \t]*define[ \t]+\w+\((?P<parameters>[\w \t,]+)\)[ \t]+"
    rb"(?P<body>(?P<target>\w+)[ \t]*[-+*/|&^%]?=(?!=)[^;,\n{}\\]*?)[ \t]*$",
    re.MULTILINE,
)


def find(source: Source, _: TreeFacts) -> Iterator[Edit]:
    for found in _MACRO.finditer(source.code):
        if found["target"] in re.findall(rb"\w+", found["parameters"]):
            yield Edit(found.start("body"), found.start("body"), b"(")
            yield Edit(found.end("body"), found.end("body"), b")")


RULE = Rule("assigning-macros", "a cast is no lvalue", re.compile(rb"#[ \t]*define.*="), find)
