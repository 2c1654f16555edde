"""Where the state of a stack is kept: in git's own folder of the tree, or in the user's cache.
Never among the files of the tree, where a diff or a build would find it."""

from __future__ import annotations

import hashlib
from pathlib import Path

from patchkit.errors import InputError
from patchkit.host.places import cache_folder
from patchkit.snapshots.git_tree import git_folder


def state_folder(tree: Path) -> Path:
    """The folder for the stack that is carried to *tree*; it need not exist.

    A linked work tree has a folder of its own within its repository's.
    """
    try:
        git = git_folder(tree) if (tree / ".git").exists() else None
    except InputError:  # a folder called .git, and no repository
        git = None
    # A tree is hostile input: a .git file in it may point anywhere.
    if git is not None and (git / "HEAD").is_file() and _is_gits(git):
        return git / "patchkit"
    key = hashlib.sha256(str(tree.resolve()).encode(errors="surrogateescape")).hexdigest()
    return cache_folder() / "stacks" / key[:32]


def _is_gits(folder: Path) -> bool:
    return (folder / "objects").is_dir() or (folder / "commondir").is_file()
