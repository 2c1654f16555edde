"""The files of two trees → the changes between them, as git would show them: renames too."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePosixPath
from typing import NamedTuple

from patchkit.patch.diff import change_between
from patchkit.patch.model import FileChange

# Of the lines of the longer file, how many must be in both: git's own measure is a half.
ALIKE = 0.5


class Side(NamedTuple):
    """A file before or after: its bytes, and git's octal mode."""

    data: bytes
    mode: str


Pairs = Mapping[PurePosixPath, tuple[Side | None, Side | None]]


def changes_between(files: Pairs) -> tuple[FileChange, ...]:
    """How each of *files* became what it is after; None on a side where it is not there. A file
    that went, and a new one that is much like it, are one that was renamed."""
    files = {path: sides for path, sides in files.items() if sides[0] != sides[1]}
    found = []
    renamed = _renames(files)
    for path, (before, new) in sorted(files.items()):
        if path in renamed.values():
            continue
        source = renamed.get(path)
        old = before if source is None else files[source][0]
        change = change_between(
            path,
            old.data if old else None,
            new.data if new else None,
            modes=(old.mode if old else None, new.mode if new else None),
        )
        found.append(change if source is None else replace(change, old_path=source))
    return tuple(found)


def _renames(files: Pairs) -> dict[PurePosixPath, PurePosixPath]:
    """New names → old ones."""
    gone = {path: old for path, (old, new) in files.items() if old is not None and new is None}
    renamed: dict[PurePosixPath, PurePosixPath] = {}
    for path, (before, now) in sorted(files.items()):
        if before is not None or now is None:
            continue
        best = max(gone, key=lambda old: (_likeness(gone[old], now), old.name == path.name),
                   default=None)  # fmt: skip
        if best is not None and _likeness(gone[best], now) >= ALIKE:
            renamed[path] = best
            del gone[best]
    return renamed


def _likeness(one: Side, other: Side) -> float:
    lines = [Counter(side.data.split(b"\n")) for side in (one, other)]
    common = (lines[0] & lines[1]).total()
    return common / max(lines[0].total(), lines[1].total())
