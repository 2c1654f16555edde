"""What make prints, line by line, with the folder that it is in."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

_ENTERING = re.compile(rb"make(?:\[\d+\])?: Entering directory [`'](.*)'")
_LEAVING = re.compile(rb"make(?:\[\d+\])?: Leaving directory")


def commands(printed: bytes, *, top: str) -> Iterator[tuple[str, bytes]]:
    """Each line of *printed* with its folder; make begins in *top*."""
    folders = [top]
    for line in printed.split(b"\n"):
        if match := _ENTERING.match(line):
            folders.append(os.fsdecode(match[1]))
        elif _LEAVING.match(line):
            folders = folders[:-1] or [top]
        else:
            yield folders[-1], line


def in_tree(folder: str, name: bytes, *, top: str) -> str | None:
    """What *name* is in *folder*, relative to *top*; None outside."""
    path = os.path.normpath(os.path.join(folder, os.fsdecode(name)))
    return path[len(top) + 1 :] if path.startswith(f"{top}/") else None


def compiles(line: bytes) -> bool:
    """Is *line* of a build's output one object more?"""
    if line.startswith((b"  CC ", b"  AS ")):
        return True
    return b" -o " in line and (b" -c " in line or line.startswith(b"as "))
