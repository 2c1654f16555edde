"""The tree has no file of that name: which of its files has the hunks' lines?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import NamedTuple

from patchkit.patch.model import FileChange
from patchkit.port.ladder.place import TRIVIAL
from patchkit.port.text import Text, key
from patchkit.tree.base import Mode, Tree

# Fewer different telling lines than this prove no file, or none of another name.
ENOUGH = 3
ENOUGH_WITHOUT_NAME = 6
# A file of the same name may have as little of the hunks as it was.
MOST = 0.5
# So many bytes are read for one ring of folders; the .c files of 2.6.12's drivers/ have 70 MB.
MOST_BYTES = 200_000_000
# Every folder has one: its name says nothing.
COMMON = frozenset(("Makefile", "Kconfig", "Config.in", "Config.help", "README", "Kbuild"))
# Architectures that were merged, by the one that they are in now.
HEIRS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "x86": frozenset(("i386", "x86_64")),
        "powerpc": frozenset(("ppc", "ppc64")),
        "s390": frozenset(("s390x",)),
        "sparc": frozenset(("sparc64",)),
        "mips": frozenset(("mips64",)),
        "sh": frozenset(("sh64",)),
        "m68k": frozenset(("m68knommu",)),
    }
)


class Moved(NamedTuple):
    """Where the file is now, and what says so."""

    path: PurePosixPath
    evidence: str


class Unsure(NamedTuple):
    """Files that have its lines, and why none of them was taken."""

    reason: str


def moved(change: FileChange, tree: Tree) -> Moved | Unsure | None:
    """The file of *tree* that *change* means, though it has another name; None if none has its
    lines. One of the same base name is taken by most of its hunks, any other by all of them, the
    nearest folders first; and only if no second one there has them too."""
    sought = _Lines(change)
    if sought.telling < ENOUGH:
        return None
    paths = [path for path in tree.paths() if tree.mode(path) is not Mode.LINK]
    searches = [(_namesakes(sought.path, paths), MOST, "it has its name")]
    if sought.telling >= ENOUGH_WITHOUT_NAME:
        searches += _like(sought.path, paths)
    for candidates, share, evidence in searches:
        found = list(sought.holders(candidates, tree, share))
        own = [one for one in found if _may_be(sought.path, one.path)]
        if len(own) == 1:
            return own[0]._replace(evidence=f"{own[0].evidence}, and {evidence}")
        if found:
            return Unsure(_why_not(found, own))
    return None


class _Lines:
    """The old images of a file's hunks, to look for."""

    def __init__(self, change: FileChange) -> None:
        assert change.old_path is not None
        self.path = change.old_path
        self._olds = [tuple(key(line.text) for line in hunk.old) for hunk in change.hunks]
        self._news = [tuple(key(line.text) for line in hunk.new) for hunk in change.hunks]
        self.telling = len(self._all(self._olds))
        # The longest line is the rarest; without white space inside, it stands so in the file.
        words = [word for line in self._all(self._olds) for word in line.split(b" ")]
        self._needles = sorted(words, key=len, reverse=True)[:3]

    def _all(self, images: Sequence[tuple[bytes, ...]]) -> set[bytes]:
        return {line for image in images for line in image} - TRIVIAL

    def holders(self, paths: Sequence[PurePosixPath], tree: Tree, share: float) -> Iterator[Moved]:
        """The files with at least *share* of the hunks, and enough telling lines in them."""
        left = MOST_BYTES
        for path in paths:
            data = tree.read(path) or b""
            left -= len(data)
            if left < 0:
                return
            if share < 1 or all(needle in data for needle in self._needles):
                found = self._held(path, data, share)
                if found is not None:
                    yield found

    def _held(self, path: PurePosixPath, data: bytes, share: float) -> Moved | None:
        text = Text(data).loose
        held = [
            old
            for old, new in zip(self._olds, self._news, strict=True)
            if text.places(old, 1) or text.places(new, 1)
        ]
        telling = len(self._all(held))
        if len(held) < share * len(self._olds) or telling < ENOUGH:
            return None
        return Moved(path, f"{telling} lines of its hunks stand there")


def _namesakes(path: PurePosixPath, paths: Sequence[PurePosixPath]) -> list[PurePosixPath]:
    if path.name in COMMON:
        return []
    return [other for other in paths if other.name.lower() == path.name.lower()]


def _like(
    path: PurePosixPath, paths: Sequence[PurePosixPath]
) -> Iterator[tuple[list[PurePosixPath], float, str]]:
    """The files of the same suffix, from the file's own folder outwards, below its top folder:
    all of drivers/ is read in about a second."""
    rest = [other for other in paths if other.suffix == path.suffix]
    for depth in sorted({len(path.parts) - 1, 2, 1} - {0}, reverse=True):
        near = [other for other in rest if other.parts[:depth] == path.parts[:depth]]
        rest = [other for other in rest if other.parts[:depth] != path.parts[:depth]]
        yield near, 1.0, f"in no other file of {'/'.join(path.parts[:depth])}"


def _may_be(path: PurePosixPath, other: PurePosixPath) -> bool:
    """Another architecture's file is no moved one: it is a copy, with a fate of its own."""
    one, its = _architecture(path), _architecture(other)
    return one == its or one in HEIRS.get(its, ())


def _architecture(path: PurePosixPath) -> str:
    parts = path.parts
    if parts[0] == "arch" and len(parts) > 2:
        return parts[1]
    if parts[0] == "include" and len(parts) > 2 and parts[1].startswith("asm-"):
        return parts[1].removeprefix("asm-")
    return ""


def _why_not(found: Sequence[Moved], own: Sequence[Moved]) -> str:
    names = ", ".join(str(one.path) for one in (own or found)[:6])
    if own:
        return f"the tree has no such file, and its lines stand in several: {names}"
    return f"the tree has no such file; its lines stand in another architecture's: {names}"
