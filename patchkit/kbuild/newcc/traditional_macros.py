"""Assembler with ``#define SRC(y...)``: preprocessed as today's C, not as ``-traditional``.

gcc 2.95 took named variable arguments in its traditional mode; later ones don't.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from patchkit.csource.edit import Edit
from patchkit.kbuild.newcc.rule import Rule, TreeFacts
from patchkit.kbuild.newcc.source import Source

_VARIADIC = re.compile(rb"^[ \t]*#[ \t]*define[ \t]+\w+\([^)]*\.\.\.\)", re.MULTILINE)
_COMPILES = re.compile(rb"^\t.*\$\(CC\).*?(-traditional\b)", re.MULTILINE)


def variadic_folders(texts: Mapping[PurePosixPath, bytes]) -> frozenset[PurePosixPath]:
    """The folders with assembler that defines such a macro."""
    return frozenset(
        path.parent
        for path, text in texts.items()
        if path.suffix == ".S" and _VARIADIC.search(text)
    )


def find(source: Source, facts: TreeFacts) -> Iterator[Edit]:
    if source.path.parent in facts.variadic_assembler:
        for found in _COMPILES.finditer(source.text):
            yield Edit(found.start(1), found.end(1), b"")


RULE = Rule(
    "traditional-macros", "variable arguments are no tradition", re.compile(rb"-traditional"), find
)
