"""As much C as indentation needs to know, from lines alone: a hunk's surroundings do not parse."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

COMMENT = re.compile(rb"/\*.*?\*/|//.*$|/\*.*$")
STRING = re.compile(rb'"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'')
CONTROL = re.compile(
    rb"(?:\}\s*)?(?:else\s+)?(?:if|for|while|switch|list_for_each\w*|for_each\w*)\b"
    rb"|(?:\}\s*)?else\b|do\b"
)
CASE = re.compile(rb"(?:case\b.*?|default\s*):(?!:)")
LABEL = re.compile(rb"[A-Za-z_]\w*\s*:(?!:)\s*$")
# A line that ends like this goes on in the next, parentheses or not.
OPEN_END = re.compile(rb"(?:[^=!<>]=|[+|&?<]|&&|\|\||[^-]-|[^*]/|\breturn)$")

# A line that starts like this goes on with the one before.
OPEN_START = re.compile(rb"\|\||&&|[|?]|\+[^+]|==|<<|>>|:[^:]")
DECLARATION = re.compile(
    rb"(?:static|const|volatile|unsigned|signed|struct|union|register|int|long|short|char|void|u\d+"
    rb"|__u\d+|size_t|extern)\b"
)


@lru_cache(maxsize=8192)
def code(line: bytes) -> bytes:
    """*line* without comments, the insides of strings, and outer white space."""
    if b'"' in line or b"'" in line:
        line = STRING.sub(b'""', line)
    if b"/" in line:
        line = COMMENT.sub(b"", line)
    return line.strip()


def depth(text: bytes) -> int:
    """How many more parentheses (and brackets) *text* opens than it closes."""
    return text.count(b"(") + text.count(b"[") - text.count(b")") - text.count(b"]")


def is_control(text: bytes) -> bool:
    """Does *text*, a whole statement's head, govern the one statement that follows?"""
    if text.endswith((b";", b"{", b"}")) and not text.endswith(b"else"):
        return False
    return CONTROL.match(text) is not None and depth(text) == 0


def in_comment(lines: Sequence[bytes]) -> bool:
    """Is a ``/*`` still open at the end of *lines*?"""
    for line in reversed(lines):
        if b"/*" in line or b"*/" in line:
            text = STRING.sub(b'""', line)
            opened, closed = text.rfind(b"/*"), text.rfind(b"*/")
            if opened >= 0 or closed >= 0:
                return opened > closed
        text = line.strip()
        if not text.startswith(b"*") and text.endswith((b";", b"{", b"}")):
            return False
    return False
