"""A cast as the target of an assignment: ``((T)x)++`` becomes ``(*(T *)&(x))++``."""

from __future__ import annotations

import re
from collections.abc import Iterator

from patchkit.csource.edit import Edit
from patchkit.kbuild.newcc.rule import Rule, TreeFacts
from patchkit.kbuild.newcc.source import Source

_TYPE = (
    rb"\((?P<type>\s*(?:(?:struct|union|enum|unsigned|signed|const|volatile|long|short)\s+)*"
    rb"\w+[\s*]*)\)"
)
_PLACE = rb"(?P<place>[A-Za-z_]\w*(?:(?:->|\.)\w+|\[[^\[\]();]*\])*)"
# (T)(place), up to three brackets deep
_IN_BRACKETS = rb"(?P<place>\((?:[^();]|\((?:[^();]|\((?:[^();])*\))*\))*\))"
_OPERATOR = rb"(?:\+\+|--|(?:[-+*/|&^%]|<<|>>)?=(?!=))"
# ((T)x)++   ((T)x) += 1   and   ++((T)x)
_BRACKETED = re.compile(rb"\(\s*" + _TYPE + rb"\s*" + _PLACE + rb"\s*\)(?=\s*" + _OPERATOR + rb")")
_PREFIXED = re.compile(rb"(?:\+\+|--)\s*(?P<all>\(\s*" + _TYPE + rb"\s*" + _PLACE + rb"\s*\))")
# ++(T *)x
_PREFIXED_BARE = re.compile(
    rb"(?:\+\+|--)[ \t]*(?P<all>" + _TYPE + rb"[ \t]*" + _PLACE + rb")(?![\w(\[.]|[ \t]*->)"
)
# (T)x += 1 as a statement, a condition, or the middle of a = (T)b = c
_STATEMENT = re.compile(
    rb"(?<=[;{})=(,])[\s\\]*(?P<all>" + _TYPE + rb"\s*" + _PLACE + rb")(?=\s*" + _OPERATOR + rb")"
)
_BRACKETED_STATEMENT = re.compile(
    rb"(?<=[;{}])[\s\\]*(?P<all>" + _TYPE + rb"\s*" + _IN_BRACKETS + rb")(?=\s*" + _OPERATOR + rb")"
)
_NOT_A_TYPE = re.compile(rb"\s*(?:\d|(?:if|while|for|switch|return|sizeof)\b)")


def find(source: Source, _: TreeFacts) -> Iterator[Edit]:
    seen: set[int] = set()
    for found in _BRACKETED.finditer(source.code):
        seen.add(found.start("type"))
        yield from _through_pointer(found, *found.span())
    for pattern in (_PREFIXED, _PREFIXED_BARE, _STATEMENT, _BRACKETED_STATEMENT):
        for found in pattern.finditer(source.code):
            if found.start("type") not in seen:
                seen.add(found.start("type"))
                yield from _through_pointer(found, *found.span("all"))


def _through_pointer(found: re.Match[bytes], start: int, end: int) -> Iterator[Edit]:
    if _NOT_A_TYPE.match(found["type"]):
        return
    lines = b"\n" * found.string[start:end].count(b"\n")
    yield Edit(start, end, b"(*(%s *)&(%s))%s" % (found["type"].strip(), found["place"], lines))


RULE = Rule(
    "cast-lvalues",
    "a cast is no lvalue",
    re.compile(rb"\)\s*[\w.>\[\]-]+\s*\)?\s*(?:\+\+|--|[^=!<>\s]?=|<<=|>>=)|(?:\+\+|--)\s*\("),
    find,
)
