"""A function that only a module has, called where a kernel never comes: the declaration is weak.

A built-in driver's ``__exit`` functions are in ``.text.exit``, which the linker scripts of 2000
discard before anything in it is asked for, and which `link_scripts` keeps.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from patchkit.csource.edit import Edit
from patchkit.kbuild.newcc.rule import Rule, TreeFacts
from patchkit.kbuild.newcc.source import Source

_EXIT = re.compile(
    rb"^[A-Za-z_][\w \t*]*\b__exit\b[\w \t*\n]*\([^;{}]*\)\s*\{(?P<body>.*?)^\}",
    re.MULTILINE | re.DOTALL,
)
_EXTERN = re.compile(
    rb"(?<=[;{}\n])[ \t]*extern\b(?![^;]*__attribute__)[^;{}()=]*\([^;{}]*\)[ \t]*(?P<end>;)"
)


def find(source: Source, _: TreeFacts) -> Iterator[Edit]:
    for function in _EXIT.finditer(source.code):
        for found in _EXTERN.finditer(source.code, *function.span("body")):
            yield Edit(found.start("end"), found.start("end"), b" __attribute__((weak))")


RULE = Rule("exit-externs", "what is never run needs nothing", re.compile(rb"\b__exit\b"), find)
