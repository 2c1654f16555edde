"""A tree that remembers what was read of it: what a result rests on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from types import MappingProxyType

from patchkit.tree.base import ROOT, Mode, Tree


class Recorded:
    """*below*, each file read once: the first answer is the only one, whoever writes meanwhile."""

    def __init__(self, below: Tree) -> None:
        self._below = below
        self._seen: dict[PurePosixPath, bytes | None] = {}
        self._modes: dict[PurePosixPath, Mode | None] = {}

    @property
    def name(self) -> str:
        return self._below.name

    @property
    def seen(self) -> Mapping[PurePosixPath, bytes | None]:
        """Every file that was asked for, as it was; None for one that was not there."""
        return MappingProxyType(self._seen)

    def read(self, path: PurePosixPath) -> bytes | None:
        if path not in self._seen:
            self._seen[path] = self._below.read(path)
        return self._seen[path]

    def mode(self, path: PurePosixPath) -> Mode | None:
        # Who looks for headers asks for the same ones again and again.
        if path not in self._modes:
            self._modes[path] = self._below.mode(path)
        return self._modes[path]

    def paths(self, under: PurePosixPath = ROOT) -> Iterator[PurePosixPath]:
        return self._below.paths(under)
