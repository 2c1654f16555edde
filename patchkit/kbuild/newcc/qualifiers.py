"""A variable that its header declares with other qualifiers: the definition follows the header."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from patchkit.csource.edit import Edit
from patchkit.kbuild.newcc.rule import Rule, TreeFacts
from patchkit.kbuild.newcc.source import Source

_QUALIFIED = (
    rb"(?P<type>[A-Za-z_][\w \t]*?)[ \t]+(?P<name>[A-Za-z_]\w*)[ \t]*(?:\[[^\]\n]*\][ \t]*)*"
)
_EXTERN = re.compile(rb"^extern[ \t]+" + _QUALIFIED + rb";", re.MULTILINE)
_DEFINED = re.compile(
    rb"^(?!extern\b|static\b|typedef\b|return\b|goto\b|else\b)" + _QUALIFIED + rb"(?=;|=|__)",
    re.MULTILINE,
)
_WORDS = (b"volatile", b"const")


def declared(texts: Iterable[bytes]) -> dict[bytes, bytes]:
    """Plain variables that headers declare → the type as declared there."""
    return {found["name"]: found["type"] for text in texts for found in _EXTERN.finditer(text)}


def find(source: Source, facts: TreeFacts) -> Iterator[Edit]:
    if source.path.suffix != ".c":
        return
    for found in _DEFINED.finditer(source.code):
        header = facts.declared.get(found["name"])
        if header is None:
            continue
        for word in _WORDS:
            here = re.search(rb"\b" + word + rb"\b", found["type"])
            there = re.search(rb"\b" + word + rb"\b", header)
            start = found.start("type")
            if here and not there:
                yield Edit(start + here.start(), start + here.end(), b"")
            elif there and not here:
                yield Edit(start, start, word + b" ")


RULE = Rule("qualifiers", "one variable has one type", re.compile(rb"^\w", re.MULTILINE), find)
