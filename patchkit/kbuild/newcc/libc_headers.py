"""A header of libc in a file of the kernel: the kernel's own of that name, or none.

The older compilers found those of the machine that built, whatever libc it had.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from patchkit.csource.edit import Edit
from patchkit.kbuild.newcc.rule import Rule, TreeFacts
from patchkit.kbuild.newcc.source import Source

_INCLUDE = re.compile(
    rb"^[ \t]*#[ \t]*include[ \t]*<(?P<header>(?:sys/)?(?P<name>[a-z]+)\.h)>", re.MULTILINE
)
_OWN = frozenset(b"types param errno string time signal fcntl ctype".split())
_NONE = frozenset((b"math",))
# a program for the machine that builds is no file of the kernel
_PROGRAM = re.compile(rb"<stdio\.h>|^(?:int|void)[ \t\n]+main[ \t]*\(", re.MULTILINE)
# folders of such programs: not each of their files says so
_PROGRAMS = frozenset(("scripts", "tools"))


def find(source: Source, _: TreeFacts) -> Iterator[Edit]:
    if source.path.suffix != ".c" or _PROGRAM.search(source.text):
        return
    if _PROGRAMS.intersection(source.path.parts):
        return
    for found in _INCLUDE.finditer(source.code):
        if found["name"] in _OWN:
            yield Edit(*found.span("header"), b"linux/%s.h" % found["name"])
        elif found["name"] in _NONE:
            yield Edit(*found.span(), b"")


RULE = Rule(
    "libc-headers",
    "a kernel has no libc",
    re.compile(rb"include[ \t]*<(?:sys/|math|errno|string|time|signal|fcntl|ctype)"),
    find,
)
