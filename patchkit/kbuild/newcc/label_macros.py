"""A macro ``({ ... })`` that others jump into: a plain block, as nothing uses its value."""

from __future__ import annotations

import re
from collections.abc import Iterator

from patchkit.csource.edit import Edit
from patchkit.kbuild.newcc.rule import Rule, TreeFacts
from patchkit.kbuild.newcc.source import Source

_MACRO = re.compile(
    rb"^[ \t]*#[ \t]*define[ \t]+\w+\([^)\n]*\)[ \t\\\n]*(?P<open>\(\{)"
    rb"(?P<body>(?:[^\n\\]|\\.)*?)(?P<close>\}\))[ \t]*$",
    re.MULTILINE | re.DOTALL,
)
_LABEL = re.compile(rb"(?:^|[;{}])[\s\\]*[A-Za-z_][\w#]*[ \t]*:(?!:)")
# with one of these at its end a block has no value that could be missed
_NO_VALUE = re.compile(rb"(?:\bgoto[ \t]+[\w#]+[ \t]*;|[\w#]+[ \t]*:[ \t]*;?)[\s\\]*\Z")


def find(source: Source, _: TreeFacts) -> Iterator[Edit]:
    for found in _MACRO.finditer(source.code):
        if _LABEL.search(found["body"]) and _NO_VALUE.search(found["body"]):
            yield Edit(*found.span("open"), b"do {")
            yield Edit(*found.span("close"), b"} while (0)")


RULE = Rule("label-macros", "no jump leads into an expression", re.compile(rb"\(\{"), find)
