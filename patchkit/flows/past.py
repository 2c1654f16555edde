"""The past of a tree: where the bases of patches are looked for."""

from __future__ import annotations

import os
from pathlib import Path

from patchkit.errors import InputError
from patchkit.history.version import History
from patchkit.snapshots.open import HISTORY


def past_of(
    folder: Path,
    snapshot: str | None,
    *,
    repository: Path | None = None,
    revision: str | None = None,
) -> History | None:
    """The history up to the commit that a tree was taken from: that of the *snapshot* of a
    version, or of the git tree at *folder*. *repository* and *revision* say otherwise.

    Only ancestors of that commit are looked at, so where the commit is not known and not named,
    there is no past: None.

    Raises:
        InputError: no repository there, or it has no such revision; or none is named, and it
            can't be told.
        HostError: git is not installed, or the commits can't be read.
    """
    from patchkit.snapshots.git_history import open_history

    if repository is not None:
        known = revision or commit_of_version(repository, snapshot) or _head_in(repository, folder)
        if known is None:
            raise InputError(
                f"{repository}: from which of its commits the tree was taken can't be told; name "
                "it with --history-rev REV: only what came before it may be used"
            )
        return open_history(repository, known)
    if snapshot is not None:
        found = _own(snapshot)
        return open_history(found[0], revision or found[1]) if found is not None else None
    if (folder / ".git").exists():
        return open_history(folder, revision)
    return None


def _head_in(repository: Path, folder: Path) -> str | None:
    """The commit that is checked out in the git tree at *folder*, if *repository* has it."""
    from patchkit.snapshots.git_tree import commit_of, repository_git

    if not (folder / ".git").exists():
        return None
    head = commit_of(repository_git(folder), "HEAD")
    return head and commit_of(repository_git(repository), head)


def _own(snapshot: str) -> tuple[Path, str] | None:
    """The repository that a snapshot was fetched from, if it is still there, or the user's; and
    the snapshot's commit in it."""
    from patchkit.snapshots.cache import cached
    from patchkit.snapshots.version import canonical

    version = canonical(snapshot)
    kept = cached(version)
    if kept is not None and kept.repository and kept.commit and Path(kept.repository).is_dir():
        return Path(kept.repository), kept.commit
    named = os.environ.get(HISTORY)
    if not named:
        return None
    commit = commit_of_version(Path(named), version)
    return (Path(named), commit) if commit is not None else None


def commit_of_version(repository: Path, snapshot: str | None) -> str | None:
    """The commit of that version of the kernel in *repository*, by its tags."""
    if snapshot is None:
        return None
    from patchkit.snapshots.git_tree import release_tree
    from patchkit.snapshots.version import canonical

    tree = release_tree(repository, canonical(snapshot))
    return tree.commit if tree is not None else None
