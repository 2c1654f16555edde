"""``##`` beside punctuation makes no token; the text stands side by side without it.

``, ## args`` of a variable argument is GNU C and stays; ``KERN_DEBUG ## args`` is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from patchkit.csource.edit import Edit
from patchkit.kbuild.newcc.rule import Rule, TreeFacts
from patchkit.kbuild.newcc.source import Source

_PASTING = re.compile(rb"[ \t]*##[ \t\\\n]*")
_DEFINE = re.compile(
    rb"^[ \t]*#[ \t]*define[ \t]+\w+\((?P<parameters>[^)]*)\)(?P<body>(?:[^\n\\]|\\.)*)",
    re.MULTILINE | re.DOTALL,
)
_VARIABLE = re.compile(rb"(\w*)[ \t]*\.\.\.")
_WORD = re.compile(rb"\w+")


def find(source: Source, _: TreeFacts) -> Iterator[Edit]:
    for define in _DEFINE.finditer(source.code):
        variable = _VARIABLE.search(define["parameters"])
        rest = b"" if variable is None else variable[1] or b"__VA_ARGS__"
        for found in _PASTING.finditer(source.code, *define.span("body")):
            if _idle(source.code, found, rest):
                at = source.code.index(b"##", found.start())
                yield Edit(at, at + 2, b"  ")


def _idle(code: bytes, found: re.Match[bytes], rest: bytes) -> bool:
    """Does the pasting join no two halves of a token? *rest* is the variable parameter's name."""
    before = code[: found.start()].rstrip(b" \t\\\n")[-1:]
    word = _WORD.match(code, found.end())
    after = code[found.end() : found.end() + 2]
    if word is not None and word[0] == rest:
        return before != b","
    return before in b'.>)([]"*&;:=+{},-' or after[:1] in b'.([]"*&;:={}' or after == b"->"


RULE = Rule("idle-pasting", "## joins two halves of one token", re.compile(rb"##"), find)
