"""Why a line of a patch's context is not in the target: which commit made another one of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from enum import Enum
from itertools import islice
from pathlib import PurePosixPath
from typing import NamedTuple

from patchkit.history.version import History, Origin, Version

# Texts to look through for one file; a change further back is no news to anyone.
FAR = 400
# Below this two lines are not one line rewritten, but one removed and another one added.
ALIKE = 50


class Fate(Enum):
    """What became of a line, or will become."""

    REWRITTEN = "rewritten"
    REMOVED = "removed"
    LATER = "later"  # not there yet: a commit that the target lacks adds it


class LineChange(NamedTuple):
    """``line`` is as in the patch; ``before`` and ``after`` are as in the file's own texts,
    None where there is none. ``origin`` is the commit that changed it, in the file ``path``."""

    line: bytes
    fate: Fate
    before: bytes | None
    after: bytes | None
    origin: Origin
    path: PurePosixPath


def changed_lines(
    lines: Iterable[bytes], path: PurePosixPath, history: History, later: History | None = None
) -> tuple[LineChange, ...]:
    """For each of *lines*, of a patch to *path* and not in the target, the nearest commit of
    *history* that took it away, or else the first one of *later* that adds it. White space does
    not count; blank lines, and lines that no text ever had, are left out.

    *later* may know more than the target's ancestors: it only explains.
    """
    wanted = {key: line for line in lines if (key := _key(line))}
    found: dict[bytes, LineChange] = {}
    for version, before, after in _steps(islice(history.changes(path), FAR), history):
        for key in _lost(wanted.keys() - found.keys(), before, after):
            old, new = _pair(key, before, after)
            fate = Fate.REMOVED if new is None else Fate.REWRITTEN
            origin = history.origin(version.commit)
            found[key] = LineChange(wanted[key], fate, old, new, origin, version.path)
        if len(found) == len(wanted):
            break
    if later is not None and len(found) < len(wanted):
        known = {version.commit for version in history.changes(path)}
        steps = [version for version in later.changes(path) if version.commit not in known]
        rest = {key: wanted[key] for key in wanted.keys() - found.keys()}
        # The target may be far behind: of what came later, the nearest to it.
        found |= {_key(line.line): line for line in _added(rest, steps[-FAR:], later)}
    return tuple(found[key] for key in wanted if key in found)


def _added(
    wanted: dict[bytes, bytes], versions: Sequence[Version], later: History
) -> Iterator[LineChange]:
    """The first of the commits of *versions*, which are the newest first, that adds each of
    *wanted*."""
    rest = set(wanted)
    for version, before, after in _steps(reversed(versions), later):
        for key in list(_lost(rest, after, before)):
            rest.remove(key)
            new, old = _pair(key, after, before)
            origin = later.origin(version.commit)
            yield LineChange(wanted[key], Fate.LATER, old, new, origin, version.path)
        if not rest:
            return


class _Keyed(NamedTuple):
    """A text's lines, and what is left of each without its white space."""

    lines: tuple[bytes, ...]
    keys: tuple[bytes, ...]
    counts: Counter[bytes]


def _steps(
    versions: Iterable[Version], history: History
) -> Iterator[tuple[Version, _Keyed, _Keyed]]:
    """What the commit of each of *versions* found in its file, and what it left there."""
    known: dict[str | None, _Keyed] = {}
    for version in versions:
        for blob, read in ((version.before, history.text_before), (version.blob, history.text)):
            if blob not in known:
                known[blob] = _keyed(read(version) or b"")
        yield version, known[version.before], known[version.blob]


def _keyed(text: bytes) -> _Keyed:
    lines = tuple(text.split(b"\n"))
    keys = tuple(_key(line) for line in lines)
    return _Keyed(lines, keys, Counter(keys))


def _key(line: bytes) -> bytes:
    return b" ".join(line.split())


def _lost(keys: set[bytes], before: _Keyed, after: _Keyed) -> Iterator[bytes]:
    return (key for key in keys if before.counts[key] > after.counts[key])


def _pair(key: bytes, before: _Keyed, after: _Keyed) -> tuple[bytes, bytes | None]:
    """The line of *before* that is gone, and the one of *after* in its place, if one is like it."""
    top = _alike(before.keys, after.keys)
    bottom = _alike(before.keys[top:][::-1], after.keys[top:][::-1])
    old = before.keys[top : len(before.keys) - bottom]
    new = after.keys[top : len(after.keys) - bottom]
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag in ("replace", "delete") and key in old[i1:i2]:
            line = before.lines[top + old.index(key, i1)]
            return line, _likest(key, after.lines[top + j1 : top + j2])
    return before.lines[before.keys.index(key)], None  # it moved, and a twin of it went


def _alike(one: Sequence[bytes], other: Sequence[bytes]) -> int:
    """How many items both begin with."""
    at = 0
    while at < min(len(one), len(other)) and one[at] == other[at]:
        at += 1
    return at


def _likest(key: bytes, lines: Sequence[bytes]) -> bytes | None:
    from rapidfuzz import fuzz, process

    texts = [_key(line).decode("latin-1") for line in lines]
    found = process.extractOne(key.decode("latin-1"), texts, scorer=fuzz.ratio, score_cutoff=ALIKE)
    return None if found is None else lines[found[2]]
