"""``#define PRIV(d) ((struct x *) (d)->data)`` and ``PRIV(d) = y;``: the macro yields the place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from patchkit.csource.edit import Edit
from patchkit.kbuild.newcc.rule import Rule, TreeFacts
from patchkit.kbuild.newcc.source import Source

_ASSIGNED = re.compile(rb"\b([A-Z]\w+)[ \t]*\((?:[^();]|\([^();]*\))*\)\s*=(?!=)")
_ACCESSOR = re.compile(
    rb"^[ \t]*#[ \t]*define[ \t]+(?P<name>[A-Z]\w+)\([^)]*\)[ \t\\\n]+"
    rb"(?P<body>(?P<outer>\()?[ \t]*\((?P<type>"
    rb"[ \t]*(?:(?:struct|unsigned)[ \t]+)?(?P<word>\w+)[ \t]*(?P<stars>\**)[ \t]*)\)"
    rb"[ \t]*(?P<place>\(?[^\n;{}?=]*?(?:->|\.)[^\n;{}?=]*?\)?)(?(outer)\)))[ \t]*$",
    re.MULTILINE,
)


def assigned_macros(texts: Iterable[bytes]) -> frozenset[bytes]:
    """What is called like a macro and assigned to."""
    return frozenset(found[1] for text in texts for found in _ASSIGNED.finditer(text))


def find(source: Source, facts: TreeFacts) -> Iterator[Edit]:
    for found in _ACCESSOR.finditer(source.code):
        place = found["place"].strip()
        if (
            found["name"] in facts.assigned
            and place.count(b"(") == place.count(b")")
            and (found["stars"] or _is_pointer(source.code, found["word"]))
        ):
            new = b"(*(%s *)&(%s))" % (found["type"].strip(), place)
            lines = b"\\\n" * found["body"].count(b"\n")
            yield Edit(*found.span("body"), new + lines)


def _is_pointer(code: bytes, word: bytes) -> bool:
    """Is *word* a typedef of a pointer? Through one to a narrower type half a store is lost."""
    return re.search(rb"\btypedef\b[^;]*\*[ \t]*" + word + rb"[ \t]*;", code) is not None


RULE = Rule(
    "accessor-macros",
    "a macro that is assigned to yields a place",
    re.compile(rb"#[ \t]*define"),
    find,
)
