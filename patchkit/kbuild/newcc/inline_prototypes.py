"""``extern inline int f(int);`` with f's body in another file: a plain prototype.

gcc 2.95 inlined where it could; a tree whose ``inline`` says always_inline asks for a body now.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from patchkit.csource.edit import Edit
from patchkit.kbuild.newcc.rule import Rule, TreeFacts
from patchkit.kbuild.newcc.source import Source

_PROTOTYPE = re.compile(
    rb"^(?:[A-Za-z_]\w*[ \t*]+)*?(?P<inline>(?:__)?inline(?:__)?)[ \t]+(?:[A-Za-z_]\w*[ \t*]+)*"
    rb"(?:FASTCALL\([ \t]*(?:[A-Za-z_]\w*[ \t*]+)*)?(?P<name>\w+)[ \t]*"
    rb"\((?:[^(){};]|\([^(){};]*\))*\)\s*\)?[ \t]*;",
    re.MULTILINE,
)


def find(source: Source, _: TreeFacts) -> Iterator[Edit]:
    for found in _PROTOTYPE.finditer(source.code):
        if not _has_body(source.code, found["name"]):
            yield Edit(*found.span("inline"), b"")


def _has_body(code: bytes, name: bytes) -> bool:
    """Is the function defined in *code*, with a body that can be inlined?"""
    body = rb"\b" + re.escape(name) + rb"[ \t]*\((?:[^(){};]|\([^(){};]*\))*\)\s*\{"
    return re.search(body, code) is not None


RULE = Rule(
    "inline-prototypes",
    "what is inlined has a body",
    re.compile(rb"inline[^{}()]*\([^{};]*\)\s*;"),
    find,
)
