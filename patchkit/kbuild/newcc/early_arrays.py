"""``extern struct X a[];`` before X is known: moved behind the definition of X.

Whoever indexes the array needs the definition anyway, so everyone who used it still sees it; where
no file of the build has it, nobody does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from patchkit.csource.edit import Edit
from patchkit.kbuild.newcc.rule import Rule, TreeFacts
from patchkit.kbuild.newcc.source import Source

_DECLARATION = re.compile(
    rb"^[ \t]*extern\s+(?:const\s+)?struct\s+(?P<struct>\w+)\s+(?P<name>\w+)"
    rb"\s*\[[^;\[\]]*\](?:\s*\[[^;\[\]]*\])*\s*;",
    re.MULTILINE,
)
_DEFINED = re.compile(rb"struct(?<=\bstruct)\s+(\w+)\s*\{")
_SIZE = re.compile(rb"\[[^\]]*\]")

Arrays = tuple[
    dict[PurePosixPath, frozenset[bytes]], dict[PurePosixPath, tuple[tuple[bytes, bytes], ...]]
]


def early_arrays(
    texts: Mapping[PurePosixPath, bytes], reaches: Mapping[PurePosixPath, frozenset[PurePosixPath]]
) -> Arrays:
    """Which file's array declarations come too early, and which file gets them.

    *reaches* says for each file what its ``#include`` lines bring in.
    """
    leaving: dict[PurePosixPath, set[bytes]] = {}
    arriving: dict[PurePosixPath, list[tuple[bytes, bytes]]] = {}
    defining = _definers(texts)
    for path, text in texts.items():
        if b"extern" not in text or b"[" not in text or path.suffix != ".h":
            continue
        for found in _DECLARATION.finditer(Source(path, text).code):
            definers = defining.get(found["struct"], ())
            if any(_known(found, path, definer, reaches) for definer in definers):
                continue
            leaving.setdefault(path, set()).add(found["name"])
            # the size may be a macro that only the old place knows; the definition has it anyway
            declaration = _SIZE.sub(b"[]", b" ".join(found[0].split()), count=1)
            for definer in definers:
                arriving.setdefault(definer, []).append((found["struct"], declaration))
    return (
        {path: frozenset(names) for path, names in leaving.items()},
        {path: tuple(dict.fromkeys(found)) for path, found in arriving.items()},
    )


def _definers(texts: Mapping[PurePosixPath, bytes]) -> dict[bytes, list[PurePosixPath]]:
    """For each struct the files that define it."""
    found: dict[bytes, list[PurePosixPath]] = {}
    for path, text in texts.items():
        for struct in dict.fromkeys(_DEFINED.findall(text)):
            found.setdefault(struct, []).append(path)
    return found


def _definition(struct: bytes) -> re.Pattern[bytes]:
    return re.compile(rb"\bstruct\s+" + struct + rb"\s*\{")


def _known(
    found: re.Match[bytes],
    path: PurePosixPath,
    definer: PurePosixPath,
    reaches: Mapping[PurePosixPath, frozenset[PurePosixPath]],
) -> bool:
    if definer == path:
        return _definition(found["struct"]).search(found.string, 0, found.start()) is not None
    return definer in reaches.get(path, frozenset()) and path not in reaches.get(
        definer, frozenset()
    )


def find(source: Source, facts: TreeFacts) -> Iterator[Edit]:
    names = facts.early_arrays.get(source.path, frozenset())
    for found in _DECLARATION.finditer(source.code) if names else ():
        if found["name"] in names:
            yield Edit(*found.span(), b"\n" * found[0].count(b"\n"))
    for struct, declaration in facts.late_arrays.get(source.path, ()):
        defined = _definition(struct).search(source.code)
        closing = None if defined is None else source.closing(defined.end() - 1)
        if closing is not None:
            end = source.code.find(b";", closing) + 1
            yield Edit(end, end, b" " + declaration)


RULE = Rule("early-arrays", "an array's elements have a known size", re.compile(rb"struct"), find)
