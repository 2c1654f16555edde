"""What the rules did to a build's sources, in tokens; and the proof that nothing else did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from operator import add
from pathlib import PurePosixPath
from typing import NamedTuple

from patchkit.kbuild.newcc.spans import Span
from patchkit.kbuild.newcc.tokens import Change, Unclaimed, changes


class Compared(NamedTuple):
    """A file as the tree has it and as it is built, and where rules say that they differ."""

    path: PurePosixPath
    old: bytes
    new: bytes
    spans: Sequence[Span]


class Effect(NamedTuple):
    """What a rule, or several at one place, did: where, and how many tokens went and came.

    ``idle`` are the places that changed no token.
    """

    rules: tuple[str, ...]
    places: int
    files: int
    gone: int
    come: int
    idle: int


class Untold(NamedTuple):
    """A token that differs though no rule says so."""

    path: PurePosixPath
    token: Unclaimed


def effects(file: Compared) -> tuple[Effect, ...] | Untold:
    """What became of *file*; or the first token in it that no rule explains."""
    made: dict[tuple[str, ...], list[Change]] = {}
    for one in changes(file.old, file.new, file.spans):
        if isinstance(one, Unclaimed):
            return Untold(file.path, one)
        made.setdefault(one.rules, []).append(one)
    return tuple(_effect(rules, found) for rules, found in made.items())


def summed(files: Iterable[Sequence[Effect]]) -> tuple[Effect, ...]:
    """The effects in all of *files*, the widest first."""
    rows: dict[tuple[str, ...], Effect] = {}
    for found in files:
        for rules, *counts in found:
            before = rows.get(rules, Effect(rules, 0, 0, 0, 0, 0))
            rows[rules] = Effect(rules, *map(add, before[1:], counts))
    return tuple(sorted(rows.values(), key=lambda row: (-row.places, row.rules)))


def _effect(rules: tuple[str, ...], found: Sequence[Change]) -> Effect:
    gone = come = idle = 0
    for change in found:
        before, after = Counter(change.before), Counter(change.after)
        gone += (before - after).total()
        come += (after - before).total()
        idle += change.before == change.after
    return Effect(rules, len(found), 1, gone, come, idle)
