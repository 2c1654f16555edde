"""A folder of a golden case as a tree in memory."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from patchkit.tree.overlay import File, MemoryTree


def memory_tree(folder: Path) -> MemoryTree:
    """Every file below *folder*."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return MemoryTree(
        {PurePosixPath(p.relative_to(folder).as_posix()): File(p.read_bytes()) for p in files}
    )
