"""The output of ``make -n`` → the sources a build compiles."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from patchkit.kbuild.commands import commands, in_tree

# a name may have a comma: 53c7,8xx.c
_SOURCE = re.compile(rb"(?<![\w./+,-])([\w./+,-]+\.[cS])(?![\w.])")
_COMPILES = re.compile(rb"\s-[cSE]\s|^\s*as\s|^gcc\s")


def compiled_sources(listing: bytes, *, top: str) -> frozenset[PurePosixPath]:
    """The C and assembler files that the commands in *listing* read, relative to *top*."""
    found = (
        in_tree(folder, name, top=top)
        for folder, line in commands(listing, top=top)
        if _COMPILES.search(line)
        for name in _SOURCE.findall(line)
    )
    return frozenset(PurePosixPath(path) for path in found if path is not None)
