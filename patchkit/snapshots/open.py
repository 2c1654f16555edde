"""The tree that a command line names."""

from __future__ import annotations

import os
from pathlib import Path

from patchkit.errors import InputError
from patchkit.host.shipped import shipped
from patchkit.snapshots.cache import cached, cached_tree
from patchkit.snapshots.dir_tree import dir_tree
from patchkit.snapshots.version import canonical
from patchkit.tree.base import Tree

MINIATURE = "miniature"
# A git repository with the kernel's history, in which a version that was not fetched is looked up.
HISTORY = "PATCHKIT_LINUX_HISTORY"


def open_tree(*, tree: Path | None, snapshot: str | None) -> Tree:
    """The folder *tree*, or the *snapshot* of that version (``miniature`` is shipped with
    patchkit); the current directory where neither is named.

    Raises:
        InputError: there is no such folder, version or snapshot, or both were named.
    """
    if tree is not None and snapshot is not None:
        raise InputError("--tree and --snapshot name two trees; leave one out")
    if snapshot is not None:
        return open_snapshot(snapshot)
    return dir_tree(tree if tree is not None else Path())


def open_snapshot(spelling: str) -> Tree:
    """The tree of that version from the cache, or from the history repository of the user.

    Raises:
        InputError: no kernel version, or not fetched yet.
    """
    if spelling == MINIATURE:
        return dir_tree(shipped("kernel-snapshots") / MINIATURE, label=MINIATURE)
    version = canonical(spelling)
    if cached(version) is not None:
        return cached_tree(version)
    from_history = _from_history(version)
    if from_history is not None:
        return from_history
    raise InputError(f"{version}: not fetched yet; say 'patchkit fetch {version}' first")


def named_history(repository: Path | None) -> Path | None:
    """*repository*, or else the one that the user's environment names; None without either."""
    named = os.environ.get(HISTORY)
    return repository or (Path(named) if named else None)


def _from_history(version: str) -> Tree | None:
    history = named_history(None)
    if history is None:
        return None
    from patchkit.snapshots.git_tree import release_tree

    try:
        return release_tree(history, version)
    except InputError as error:
        raise InputError(f"{HISTORY}: {error}") from error
