"""The version of a file that a patch was made against, found by content.

An old mail has no blob ids: the base is the nearest version on which every hunk applies exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from pathlib import PurePosixPath
from typing import NamedTuple

from patchkit.history.version import History, Version
from patchkit.port.ladder.place import TRIVIAL, Landing, Sought
from patchkit.port.ladder.verbatim import exact, white_space
from patchkit.port.text import Text, key
from patchkit.repair.reading import Reading

# A file is hardly ever changed more often between two trees that a patch is carried across.
VERSIONS = 400


class Base(NamedTuple):
    """The text that the patch was made against; ``places`` has the index at which each hunk's
    old image begins in it, and ``readings`` the reading that fits there."""

    text: Text
    version: Version
    readings: tuple[Reading, ...]
    places: tuple[int, ...]
    looked_at: int  # how many versions were read until it was found


def find_base(
    history: History, path: PurePosixPath, ways: Sequence[Sequence[Reading]]
) -> Base | None:
    """The nearest version of *path* on which all hunks apply, byte for byte or but for white
    space; *ways* are the readings of each. None where the past has none."""
    telling = _telling(ways)
    for count, version in enumerate(islice(history.versions(path), VERSIONS), 1):
        data = history.text(version)
        if data is None or not all(line in data for line in telling):
            continue
        text = Text(data)
        found = _fits(text, ways)
        if found is not None:
            readings, places = zip(*found, strict=True)
            return Base(text, version, readings, places, count)
    return None


def named(base: Base, history: History) -> str:
    """*base* for people: release, commit and blob, and how many versions were read."""
    version = base.version
    release = f"{version.release} " if version.release else ""
    looked = f"{base.looked_at} version{'s' if base.looked_at != 1 else ''} read"
    return (
        f"{release}commit {version.commit[:12]}, blob {version.blob[:12]} of {version.path} "
        f"({looked} from {history.name})"
    )


def _telling(ways: Sequence[Sequence[Reading]]) -> list[bytes]:
    """Words of the old images that a base must hold: a quick test before any text is split."""
    words: list[bytes] = []
    for readings in ways:
        if len(readings) == 1:
            lines = [key(line.text) for line in readings[0].hunk.old]
            longest = max((line for line in lines if line not in TRIVIAL), key=len, default=b"")
            words += sorted(longest.split(), key=len)[-1:]
    return words


def _fits(text: Text, ways: Sequence[Sequence[Reading]]) -> list[tuple[Reading, int]] | None:
    """A reading and a place for every hunk, or None."""
    found: list[tuple[Reading, int]] = []
    drift = floor = 0
    for readings in ways:
        for reading in readings:
            hunk = reading.hunk
            stated = hunk.old_start - 1 if hunk.old else hunk.old_start
            sought = Sought(hunk, text, stated, stated, stated + drift, floor)
            answer = exact(sought)
            if not isinstance(answer, Landing):
                answer = white_space(sought)
            if isinstance(answer, Landing):
                found.append((reading, answer.at))
                drift, floor = answer.at - stated, answer.at + len(hunk.old)
                break
        else:
            return None
    return found
