"""What the rules did to a build's sources, in tokens; and the proof that nothing else did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
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


def effects(files: Iterable[Compared]) -> tuple[Effect, ...] | Untold:
    """What became of *files*, the widest effect first; or the first token that none explains."""
    made: dict[tuple[str, ...], list[tuple[PurePosixPath, Change]]] = {}
    for file in files:
        for one in changes(file.old, file.new, file.spans):
            if isinstance(one, Unclaimed):
                return Untold(file.path, one)
            made.setdefault(one.rules, []).append((file.path, one))
    rows = (_effect(rules, found) for rules, found in made.items())
    return tuple(sorted(rows, key=lambda row: (-row.places, row.rules)))


def _effect(rules: tuple[str, ...], found: Sequence[tuple[PurePosixPath, Change]]) -> Effect:
    gone = come = idle = 0
    for _, change in found:
        before, after = Counter(change.before), Counter(change.after)
        gone += (before - after).total()
        come += (after - before).total()
        idle += change.before == change.after
    return Effect(rules, len(found), len({path for path, _ in found}), gone, come, idle)
