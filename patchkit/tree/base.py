"""What patchkit asks of a kernel tree. Porting and auditing never see a disk or a repository."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from pathlib import PurePosixPath
from typing import Protocol

ROOT = PurePosixPath(".")


class Mode(Enum):
    """The modes of a file that git, and so a patch, can tell apart; values are git's own."""

    FILE = "100644"
    EXECUTABLE = "100755"
    LINK = "120000"


class Tree(Protocol):
    """Kernel sources as a value: bytes by path.

    Paths are relative to the top of the tree, ``/``-separated, without ``.`` or ``..``. A symlink
    is a leaf: its text is its target, and nothing is ever read through it.
    """

    @property
    def name(self) -> str:
        """For people: the folder, or the snapshot's version."""
        ...

    def read(self, path: PurePosixPath) -> bytes | None:
        """The file's bytes (a symlink's target); None where the tree has no such file.

        Raises:
            HostError: the file is there and can't be read.
        """
        ...

    def mode(self, path: PurePosixPath) -> Mode | None:
        """The file's mode; None where the tree has no such file."""
        ...

    def paths(self, under: PurePosixPath = ROOT) -> Iterator[PurePosixPath]:
        """Every file and symlink below (or at) *under*, sorted; nothing where it does not exist."""
        ...
