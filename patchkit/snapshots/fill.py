"""A source's files into a new folder, and what is known of where they came from."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from patchkit.errors import HostError, InputError
from patchkit.host.files import reason
from patchkit.snapshots.cache import check_sha256
from patchkit.snapshots.catalog import near
from patchkit.snapshots.dir_tree import DirTree, dir_tree
from patchkit.snapshots.git_remote import fetch_tag
from patchkit.snapshots.git_tree import GitTree, release_tree, tags
from patchkit.snapshots.new_tree import NewTree
from patchkit.snapshots.paths import check_link
from patchkit.snapshots.progress import Progress
from patchkit.snapshots.tarball import extract
from patchkit.tree.base import Mode, Tree


@dataclass(frozen=True, slots=True)
class Origin:
    """A tree that lies in ``folder``; the rest is as in :class:`Snapshot`."""

    folder: Path
    kind: str
    source: str
    commit: str | None = None
    repository: str | None = None
    tarballs: tuple[tuple[str, str], ...] = ()


def from_tree(tree: Tree, work: Path, progress: Progress) -> Path:
    """All files of *tree*, in a new folder in *work*."""
    folder = work / "new"
    folder.mkdir()
    NewTree(folder, read_only=True).add_all(tree, progress)
    return folder


def from_folder(path: Path, work: Path, progress: Progress) -> Origin:
    """The unpacked tree at *path*."""
    return Origin(from_tree(dir_tree(path), work, progress), "folder", str(path.absolute()))


def from_repository(path: Path, version: str, work: Path, progress: Progress) -> Origin:
    """The tag of *version* in the git repository at *path*.

    Raises:
        InputError: no repository, or no such tag; near ones are named.
    """
    tree = release_tree(path, version)
    if tree is None:
        raise InputError(f"{path}: has no tag for {version}; {near(version, tags(path))}")
    return _from_git(tree, str(path.absolute()), work, progress)


def from_remote(url: str, version: str, work: Path, progress: Progress) -> Origin:
    """The tag of *version* in the git repository at *url*, fetched without its history.

    Raises:
        InputError: no such tag; near ones are named.
        HostError: git can't fetch.
    """
    repository = work / "repository.git"
    known = fetch_tag(url, version, repository)
    tree = release_tree(repository, version)
    if tree is None:
        raise InputError(f"{url}: has no tag for {version}; {near(version, known)}")
    return _from_git(tree, url, work, progress, is_here=False)


def _from_git(
    tree: GitTree, source: str, work: Path, progress: Progress, *, is_here: bool = True
) -> Origin:
    folder = from_tree(tree, work, progress)
    return Origin(folder, "git", source, tree.commit, source if is_here else None)


def from_tarball(
    path: Path, version: str, work: Path, progress: Progress, *, source: str
) -> Origin:
    """The tarball at *path*, which came from *source*.

    Raises:
        InputError: it is damaged or hostile, or another one than at its first use.
    """
    digest = check_sum(path, version)
    folder = work / "new"
    folder.mkdir()
    extract(path, NewTree(folder, read_only=True), progress=progress)
    top = _top(folder)
    check_links(DirTree(top))
    return Origin(top, "tarball", source, tarballs=((path.name, digest),))


def check_sum(path: Path, version: str) -> str:
    """The sha256 of a file that a snapshot of *version* is made from; it is remembered.

    Raises:
        InputError: it was another one at first use.
        HostError: it can't be read.
    """
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise HostError(f"{path}: can't be read: {reason(error)}") from error
    check_sha256(version, path.name, digest)
    return digest


def check_links(tree: DirTree) -> None:
    """Refuse a link that stayed in the archive, but leaves its kernel.

    Raises:
        InputError: there is one.
    """
    for path in tree.paths():
        if tree.mode(path) is Mode.LINK:
            check_link(path, tree.read(path) or b"")


def _top(folder: Path) -> Path:
    """Where the kernel is: tarballs have it in ``linux/`` or ``linux-2.4.18/``."""
    inside = list(folder.iterdir())
    if len(inside) == 1 and inside[0].is_dir() and not inside[0].is_symlink():
        return inside[0]
    return folder
