"""The user's cache of fetched trees: one folder per version, there whole or not at all.

CACHE/snapshots/2.4.0-test10/tree/          the files, read-only
CACHE/snapshots/2.4.0-test10/snapshot.json  where they came from, and their identity
"""

from __future__ import annotations

from pathlib import Path

from patchkit.host.places import cache_folder


def snapshots_folder() -> Path:
    """Where the fetched trees are; it need not exist."""
    return cache_folder() / "snapshots"


def cached_tree(version: str) -> Path | None:
    """The folder with the files of *version*, in its canonical spelling; None if not fetched."""
    folder = snapshots_folder() / version / "tree"
    return folder if folder.is_dir() else None
