"""What a build was made from, as texts that change when it does."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import PurePosixPath

from patchkit.host.shipped import own_digest
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
                # an archive unpacked anew may give another text the old time, size and inode
                times = f"{found.st_mtime_ns}-{found.st_ctime_ns}"
                return f"{times}-{found.st_size}-{found.st_ino}-{found.st_mode}"

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
    """A hash of how patchkit builds: what was rewritten or compiled otherwise is of no use."""
    return own_digest("kbuild", "flows/kbuild", "boot/guest", "csource")
