"""What make prints, line by line, with the folder that it is in."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

_ENTERING = re.compile(rb"make(?:\[\d+\])?: Entering directory [`'](.*)'")
_LEAVING = re.compile(rb"make(?:\[\d+\])?: Leaving directory")
_OUTPUT = re.compile(rb"\s-o[ \t]+(\S+\.o)(?=\s|$)")
# without -o a compiler names the object after its source, where it is
_SOURCE_AT_END = re.compile(rb"\s(?:\S*/)?([^\s/]+)\.[cSs]\s*$")


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
    return line.startswith((b"  CC ", b"  AS ")) or object_of(line) is not None


def object_of(line: bytes) -> bytes | None:
    """The object that the command *line* compiles or assembles, as it names it."""
    if b" -c " in line or line.startswith(b"as "):
        named, source = _OUTPUT.search(line), _SOURCE_AT_END.search(line)
        if named:
            return named[1]
        if source and b" -o " not in line:
            return source[1] + b".o"
    return None
