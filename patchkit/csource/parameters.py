"""The parameters of a function, from the text between its parentheses."""

from __future__ import annotations

import re
from functools import cache

from patchkit.csource.functions import Function


def parameter_names(function: Function) -> tuple[bytes, ...]:
    """The names of *function*'s parameters, in order; empty for one that has no name."""
    if b";" in function.parameters:  # K&R
        parts = function.parameters.strip().rstrip(b";").split(b";")
        return tuple(declared_name(name) for part in parts for name in part.split(b","))
    return tuple(declared_name(part) for part in declarations(function.parameters))


@cache
def declarations(text: bytes) -> tuple[bytes, ...]:
    """The parts of *text* between its outermost commas."""
    parts, depth, begin = [], 0, 0
    for at, byte in enumerate(text):
        if byte in b"([":
            depth += 1
        elif byte in b")]":
            depth -= 1
        elif byte == 0x2C and depth == 0:
            parts.append(text[begin:at])
            begin = at + 1
    return (*parts, text[begin:])


def declared_name(declaration: bytes) -> bytes:
    """The name that *declaration* declares; empty where it has none."""
    pointer = re.search(rb"\(\s*\*\s*(\w+)", declaration)
    if pointer:
        return pointer[1]
    named = re.search(rb"(\w+)\s*(?:\[[^\]]*\]\s*)*\Z", declaration)
    return named[1] if named else b""
