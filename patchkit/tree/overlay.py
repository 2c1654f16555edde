"""A tree with changes in memory: what the next patch of a series sees, and what gets written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from operator import attrgetter
from pathlib import PurePosixPath
from types import MappingProxyType

from patchkit.tree.base import ROOT, Mode, Tree


@dataclass(frozen=True, slots=True)
class File:
    """A file's bytes and mode."""

    data: bytes
    mode: Mode = Mode.FILE


# A path that maps to None is deleted.
Changes = Mapping[PurePosixPath, File | None]


@dataclass(frozen=True, slots=True)
class MemoryTree:
    """A tree that is a mapping; the empty one is a base for overlays and tests."""

    files: Mapping[PurePosixPath, File] = field(default_factory=lambda: MappingProxyType({}))
    name: str = "memory"

    def read(self, path: PurePosixPath) -> bytes | None:
        file = self.files.get(path)
        return None if file is None else file.data

    def mode(self, path: PurePosixPath) -> Mode | None:
        file = self.files.get(path)
        return None if file is None else file.mode

    def paths(self, under: PurePosixPath = ROOT) -> Iterator[PurePosixPath]:
        yield from (path for path in sorted(self.files) if path.is_relative_to(under))


@dataclass(frozen=True, slots=True)
class Overlay:
    """*below* with *changes* on top; *below* itself is never touched."""

    below: Tree
    changes: Changes = field(default_factory=lambda: MappingProxyType({}))

    @property
    def name(self) -> str:
        return self.below.name

    def read(self, path: PurePosixPath) -> bytes | None:
        if path in self.changes:
            file = self.changes[path]
            return None if file is None else file.data
        return self.below.read(path)

    def mode(self, path: PurePosixPath) -> Mode | None:
        if path in self.changes:
            file = self.changes[path]
            return None if file is None else file.mode
        return self.below.mode(path)

    def paths(self, under: PurePosixPath = ROOT) -> Iterator[PurePosixPath]:
        here = {path for path in self.below.paths(under) if path not in self.changes}
        here.update(
            path
            for path, file in self.changes.items()
            if file is not None and path.is_relative_to(under)
        )
        # As paths compare, in a tenth of the time.
        yield from sorted(here, key=attrgetter("parts"))

    def with_changes(self, changes: Changes) -> Overlay:
        """The same tree with *changes* on top of the changes so far."""
        return Overlay(self.below, MappingProxyType({**self.changes, **changes}))


def file_of(tree: Tree, path: PurePosixPath) -> File | None:
    """The file of *tree* at *path*, if it is there."""
    data, mode = tree.read(path), tree.mode(path)
    return File(data, mode) if data is not None and mode is not None else None
