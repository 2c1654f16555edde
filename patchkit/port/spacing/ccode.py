"""As much C as indentation needs to know, from lines alone: a hunk's surroundings do not parse."""

from __future__ import annotations

import re
from collections.abc import Sequence

COMMENT = re.compile(rb"/\*.*?\*/|//.*$|/\*.*$")
STRING = re.compile(rb'"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'')
CONTROL = re.compile(rb"(?:\}\s*)?(?:else\s+)?(?:if|for|while|switch)\b|(?:\}\s*)?else\b|do\b")
CASE = re.compile(rb"(?:case\b.*|default\s*):")
LABEL = re.compile(rb"[A-Za-z_]\w*\s*:(?!:)\s*$")


def code(line: bytes) -> bytes:
    """*line* without comments, the insides of strings, and outer white space."""
    return COMMENT.sub(b"", STRING.sub(b'""', line)).strip()


def depth(text: bytes) -> int:
    """How many more parentheses (and brackets) *text* opens than it closes."""
    return text.count(b"(") + text.count(b"[") - text.count(b")") - text.count(b"]")


def statement_start(lines: Sequence[bytes], at: int) -> int:
    """The index of the line on which the statement that ends on ``lines[at]`` begins, as far as
    its parentheses tell."""
    balance = depth(code(lines[at]))
    while balance < 0 and at > 0:
        at -= 1
        balance += depth(code(lines[at]))
    return at


def opener(lines: Sequence[bytes]) -> int | None:
    """The index of the line whose ``{`` is still open at the end of *lines*."""
    balance = 0
    for at in range(len(lines) - 1, -1, -1):
        for byte in reversed(code(lines[at])):
            if byte == 0x7D:
                balance += 1
            elif byte == 0x7B:
                balance -= 1
                if balance < 0:
                    return at
    return None


def is_control(text: bytes) -> bool:
    """Does *text*, a whole statement's head, govern the one statement that follows?"""
    if text.endswith((b";", b"{", b"}")) and not text.endswith(b"else"):
        return False
    return CONTROL.match(text) is not None and depth(text) == 0


def in_comment(lines: Sequence[bytes]) -> bool:
    """Is a ``/*`` still open at the end of *lines*?"""
    for line in reversed(lines):
        text = STRING.sub(b'""', line)
        opened, closed = text.rfind(b"/*"), text.rfind(b"*/")
        if opened >= 0 or closed >= 0:
            return opened > closed
        if not text.lstrip().startswith(b"*") and text.rstrip().endswith((b";", b"{", b"}")):
            return False
    return False
