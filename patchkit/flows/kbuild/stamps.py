"""What a build was made from, as texts that change when it does."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from patchkit.kbuild.declared import listing_files
from patchkit.kbuild.guest import guest_files
from patchkit.snapshots.dir_tree import DirTree
from patchkit.snapshots.git_tree import GitTree
from patchkit.tree.base import Tree
from patchkit.tree.overlay import Overlay


def stamps(tree: Tree) -> Callable[[PurePosixPath], str]:
    """For each path a text that changes when the file does; cheap where the tree allows it."""
    match tree:
        case DirTree(root=root):

            def of_file(path: PurePosixPath) -> str:
                found = os.stat(root / path, follow_symlinks=False)
                return f"{found.st_mtime_ns}-{found.st_size}-{found.st_ino}-{found.st_mode}"

            return of_file
        case GitTree(entries=entries):
            return lambda path: entries[str(path)].blob
        case Overlay(below=below, changes=changes):
            under = stamps(below)
            return lambda path: _content(tree, path) if path in changes else under(path)
        case _:
            return lambda path: _content(tree, path)


def _content(tree: Tree, path: PurePosixPath) -> str:
    return hashlib.sha256(tree.read(path) or b"").hexdigest()[:32]


def rules_digest() -> str:
    """A hash of patchkit's own rules: a kernel made by others is not the same kernel."""
    import patchkit.kbuild

    folder = Path(patchkit.kbuild.__file__).parent
    sources = [path.read_bytes() for path in sorted(folder.rglob("*.py"))]
    others = (*guest_files().values(), *listing_files().values())
    return hashlib.sha256(b"".join((*sources, *others))).hexdigest()
