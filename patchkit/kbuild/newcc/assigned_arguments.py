"""An assignment as the argument of a macro that casts it: ``V(x = f())`` becomes ``V((x = f()))``.

The cast binds to x alone, ``(long)x = f()``, and a cast is no lvalue.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from patchkit.csource.edit import Edit
from patchkit.kbuild.newcc.rule import Rule, TreeFacts
from patchkit.kbuild.newcc.source import Source

_MACRO = re.compile(
    rb"^[ \t]*#[ \t]*define[ \t]+(?P<name>\w+)\([ \t]*(?P<parameter>\w+)[ \t]*\)"
    rb"(?P<body>(?:[^\n\\]|\\.)*)",
    re.MULTILINE | re.DOTALL,
)
_ASSIGNMENT = re.compile(rb"\s*[A-Za-z_][\w.>\[\]-]*[ \t]*=(?!=)")


def find(source: Source, _: TreeFacts) -> Iterator[Edit]:
    for macro in _MACRO.finditer(source.code):
        cast = rb"\([\w \t*]*\w[\w \t*]*\)[ \t]*" + macro["parameter"] + rb"\b"
        if re.search(cast, macro["body"]):
            yield from _calls(source, macro["name"], macro.end())


def _calls(source: Source, name: bytes, behind: int) -> Iterator[Edit]:
    for call in re.compile(rb"\b" + name + rb"[ \t]*(\()").finditer(source.code, behind):
        closing = source.closing(call.start(1))
        if closing is not None and _ASSIGNMENT.match(source.code, call.end(), closing):
            yield Edit(call.end(), call.end(), b"(")
            yield Edit(closing, closing, b")")


RULE = Rule(
    "assigned-arguments", "a cast is no lvalue", re.compile(rb"\w\(\s*\w[\w.>-]*[ \t]*=[^=]"), find
)
