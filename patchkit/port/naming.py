"""Which file of the tree a diff's names mean."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath

from patchkit.repair.mend import MendedFile
from patchkit.tree.base import Tree


def resolve(file: MendedFile, tree: Tree) -> PurePosixPath:
    """The path that *file* means in *tree*: as its head says, or, where the tree has no such
    file, with more or fewer folders in front taken away.

    Only folders that the tree itself does not have are taken away: ``drivers/net/Makefile`` never
    means ``Makefile``. A file that is to be created is where the head says.
    """
    likeliest = file.paths[0]
    if file.change.old_path is None or tree.read(likeliest) is not None:
        return likeliest
    for path in file.paths[1:]:
        if tree.read(path) is not None and not _takes_a_folder(file.paths, path, tree):
            return path
    return likeliest


def _takes_a_folder(paths: Sequence[PurePosixPath], path: PurePosixPath, tree: Tree) -> bool:
    """Would *path* take away a folder in front that the tree has?"""
    longest = max(paths, key=lambda each: len(each.parts))
    taken = longest.parts[: len(longest.parts) - len(path.parts)]
    return any(next(iter(tree.paths(PurePosixPath(part))), None) is not None for part in taken)
