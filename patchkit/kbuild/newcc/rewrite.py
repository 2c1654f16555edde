"""The rules over the files of a build: text in, text and the list of places out."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import NamedTuple

from patchkit.csource.edit import apply_edits
from patchkit.kbuild.newcc.rule import Rule, TreeFacts
from patchkit.kbuild.newcc.source import Source
from patchkit.kbuild.newcc.spans import Span, composed
from patchkit.kbuild.newcc.table import BUILD_RULES, SOURCE_RULES


class Place(NamedTuple):
    """One rewrite: the rule, the line it is on, and what stood there before and after."""

    rule: str
    path: PurePosixPath
    line: int
    before: bytes
    after: bytes


def rules_for(path: PurePosixPath) -> tuple[Rule, ...]:
    """The rules that read files named like *path*."""
    if path.suffix in (".c", ".h", ".S"):
        return SOURCE_RULES
    if path.name.startswith("Makefile") or ".lds" in path.name:
        return BUILD_RULES
    return ()


class Written(NamedTuple):
    """A text as today's compiler takes it, every rewrite in it, and where the bytes differ."""

    text: bytes
    places: tuple[Place, ...]
    spans: tuple[Span, ...]


def rewrite(path: PurePosixPath, text: bytes, facts: TreeFacts) -> Written:
    """*text* through all rules for *path*.

    Raises:
        ValueError: a rule would move lines; a fault of the rule.
    """
    places: list[Place] = []
    spans: tuple[Span, ...] = ()
    source = Source(path, text)
    for rule in rules_for(path):
        if not rule.needle.search(source.text):
            continue
        edits = sorted(set(rule.find(source, facts)))
        if edits:
            places += (
                Place(rule.name, path, source.line(e.start), source.text[e.start : e.end], e.text)
                for e in edits
            )
            spans = composed(spans, edits, rule.name)
            source = Source(path, apply_edits(source.text, edits))
    if source.text.count(b"\n") != text.count(b"\n"):
        raise ValueError(f"{path}: the rewrites moved its lines")
    return Written(source.text, tuple(places), spans)
