"""Definitions: what a hunk adds must not stand in the file already, in the same scope."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from patchkit.patch.model import Kind
from patchkit.port.judge.evidence import Adaptation, Evidence, Objection, Source

_NAMED = re.compile(
    rb"""
      ^[ \t]*\#[ \t]*define[ \t]+(?P<macro>\w+)
    | ^(?:typedef\s+)?(?P<type>(?:struct|union|enum)\s+\w+)\s*\{
    | ^(?!default)(?P<label>[A-Za-z_]\w*)[ \t]*:(?!:)[ \t]*(?:/\*.*)?$
    | ^[ \t]+(?P<case>case[ \t]+[\w' ]+?)[ \t]*:
    | ^[ \t]*\#[ \t]*(?P<include>include[ \t]*[<"][^">\n]+[">])
    """,
    re.VERBOSE | re.MULTILINE,
)
# Functions begin in the first column; so much is seen without looking at the whole file.
_HEADER = re.compile(rb"[A-Za-z_]")


class Definition(NamedTuple):
    """What is defined: its kind, its name, and where, by the line's index and the offset."""

    kind: str
    name: bytes
    line: int
    offset: int


def duplicates(adaptation: Adaptation, evidence: Evidence) -> Iterator[Objection]:
    """A definition that the hunk adds and that stands there besides, from before: merged on
    both sides, or put in twice. Another branch of an ``#if``, another function or another
    ``switch`` is another scope."""
    if not evidence.is_c:
        return
    after = evidence.after
    added = {
        adaptation.new_start + index
        for index, line in enumerate(adaptation.port.new)
        if line.kind is Kind.ADDED
    }
    lines = [after.text.lines[line] for line in sorted(added)]
    names = _named(b"\n".join(lines))
    if not names and not any(_HEADER.match(line) for line in lines):
        return
    defined = [found for found in _definitions(after) if found.line in added]
    names |= {(found.kind, found.name) for found in defined if found.kind == "function"}
    if not names:
        return
    there = [d for d in _definitions(after) if (d.kind, d.name) in names and d.line not in added]
    for one in defined:
        twins = [d for d in there if (d.kind, d.name) == (one.kind, one.name)]
        twin = next((d for d in twins if _scope(after, d) == _scope(after, one)), None)
        if twin is not None:
            name = one.name.decode("latin-1")
            yield Objection(
                f"the file has {_shown(one.kind, name)} already, at line {twin.line + 1}"
            )


def _shown(kind: str, name: str) -> str:
    return {"include": f"#{name}", "case": name, "type": name}.get(kind, f"the {kind} {name}")


def _named(text: bytes) -> set[tuple[str, bytes]]:
    return {
        (m.lastgroup or "", b" ".join(m[m.lastgroup].split()))
        for m in _NAMED.finditer(text)
        if m.lastgroup
    }


def _definitions(source: Source) -> Iterator[Definition]:
    text = source.unit.text
    for function in source.unit.functions.all:
        line = text.line(function.start) - 1
        yield Definition("function", function.name, line, function.start)
    for found in _NAMED.finditer(source.data):
        assert found.lastgroup is not None
        at = found.start(found.lastgroup)
        if not text.in_comment(at):
            name = b" ".join(found[found.lastgroup].split())
            yield Definition(found.lastgroup, name, text.line(at) - 1, at)


def _scope(source: Source, one: Definition) -> tuple[object, ...]:
    """Where a second definition of the name would be one too many."""
    branch = tuple(region.start for region in source.branch(one.offset))
    if one.kind not in ("label", "case"):
        return branch
    function = source.function(one.offset)
    start = function[0] if function else 0
    return (*branch, function, _brace(source, start, one.offset) if one.kind == "case" else None)


def _brace(source: Source, start: int, offset: int) -> int:
    """The offset of the innermost brace from *start* on that is open at *offset*: a switch's."""
    opened: list[int] = []
    for found in re.finditer(rb"[{}]", source.unit.text.code[start:offset]):
        if found[0] == b"{":
            opened.append(start + found.start())
        elif opened:
            opened.pop()
    return opened[-1] if opened else -1
