"""The past of a tree: where the bases of patches are looked for."""

from __future__ import annotations

from pathlib import Path

from patchkit.errors import InputError
from patchkit.history.late import LateHistory
from patchkit.history.version import History
from patchkit.snapshots.open import named_history
from patchkit.snapshots.progress import Progress, silent


def past_of(
    folder: Path,
    snapshot: str | None,
    *,
    repository: Path | None = None,
    revision: str | None = None,
    progress: Progress = silent,
) -> History | None:
    """The history up to the commit that a tree was taken from: that of the *snapshot* of a
    version, of the git tree at *folder*, or else, in the user's repository, of the release that
    the folder's Makefile names. *repository* and *revision* say otherwise.

    Only ancestors of that commit are looked at, so where the commit is not known and not named,
    there is no past: None. A history that was not named is opened when it is needed;
    *progress* hears of it where that takes long.

    Raises:
        InputError: no repository there, or it has no such revision; or none is named, and it
            can't be told.
        HostError: git is not installed, or the commits can't be read.
    """
    from patchkit.snapshots.git_history import open_history
    from patchkit.snapshots.git_tree import repository_git

    if repository is not None:
        repository_git(repository)  # is it one?
        known = revision or commit_of_version(repository, snapshot) or _head_in(repository, folder)
        if known is None:
            raise InputError(
                f"{repository}: from which of its commits the tree was taken can't be told; name "
                "it with --history-rev REV: only what came before it may be used"
            )
        return open_history(repository, known, progress)
    if snapshot is not None:
        return LateHistory(lambda: _opened(_own(snapshot), revision, progress))
    if (folder / ".git").exists():
        return LateHistory(lambda: open_history(folder, revision, progress))
    named = named_history(None)
    if named is None:
        return None
    return LateHistory(lambda: _opened(_by_makefile(named, folder), revision, progress))


def _opened(
    found: tuple[Path, str] | None, revision: str | None, progress: Progress
) -> History | None:
    from patchkit.snapshots.git_history import open_history

    return None if found is None else open_history(found[0], revision or found[1], progress)


def _by_makefile(repository: Path, folder: Path) -> tuple[Path, str] | None:
    from patchkit.snapshots.dir_tree import dir_tree
    from patchkit.snapshots.git_history import tag_of

    tag = tag_of(repository, dir_tree(folder))
    return None if tag is None else (repository, tag)


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
    named = named_history(None)
    if named is None:
        return None
    commit = commit_of_version(named, version)
    return (named, commit) if commit is not None else None


def commit_of_version(repository: Path, snapshot: str | None) -> str | None:
    """The commit of that version of the kernel in *repository*, by its tags."""
    if snapshot is None:
        return None
    from patchkit.snapshots.git_tree import release_tree
    from patchkit.snapshots.version import canonical

    tree = release_tree(repository, canonical(snapshot))
    return tree.commit if tree is not None else None
