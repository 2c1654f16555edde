"""The output of ``make -n`` → the sources a build compiles."""

from __future__ import annotations

import os
import re
from pathlib import PurePosixPath

_ENTERING = re.compile(rb"make(?:\[\d+\])?: Entering directory [`'](.*)'")
_LEAVING = re.compile(rb"make(?:\[\d+\])?: Leaving directory")
# a name may have a comma: 53c7,8xx.c
_SOURCE = re.compile(rb"(?<![\w./+,-])([\w./+,-]+\.[cS])(?![\w.])")
_COMPILES = re.compile(rb"\s-[cSE]\s|^\s*as\s|^gcc\s")


def compiled_sources(listing: bytes, *, top: str) -> frozenset[PurePosixPath]:
    """The C and assembler files that the commands in *listing* read, relative to *top*."""
    folders = [top]
    found: set[PurePosixPath] = set()
    for line in listing.split(b"\n"):
        if match := _ENTERING.match(line):
            folders.append(os.fsdecode(match[1]))
        elif _LEAVING.match(line):
            folders = folders[:-1] or [top]
        elif _COMPILES.search(line):
            for name in _SOURCE.findall(line):
                path = os.path.normpath(os.path.join(folders[-1], os.fsdecode(name)))
                if path.startswith(f"{top}/"):
                    found.add(PurePosixPath(path[len(top) + 1 :]))
    return frozenset(found)


def object_count(listing: bytes) -> int:
    """How many objects the commands in *listing* make."""
    return sum(compiles(line) for line in listing.split(b"\n"))


def compiles(line: bytes) -> bool:
    """Is *line* of a build's output one object more?"""
    return (b" -c " in line and b" -o " in line) or line.startswith((b"  CC ", b"  AS "))
