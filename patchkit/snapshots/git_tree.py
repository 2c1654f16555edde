"""A commit as a Tree, through GitPython; no work tree is touched, no index is read.

``git.Repo`` is not used: it wants ``core.bare`` in a bare repository's config and the caller to
own the folder. git itself asks for neither once GIT_DIR names the repository.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from patchkit.errors import HostError, InputError
from patchkit.snapshots.version import tag_names
from patchkit.tree.base import ROOT, Mode

if TYPE_CHECKING:
    from git.cmd import Git

MODES = {mode.value.encode(): mode for mode in Mode}
# Early git recorded group-writable files as such; it has long read them as 644.
MODES[b"100664"] = Mode.FILE

# What git runs by itself for a reference that moves or an index that is read; the empty fsmonitor
# is "no" to git before 2.36 too, which takes any other word for a program.
OFF = ("core.hooksPath=/dev/null", "core.fsmonitor=")


class Entry(NamedTuple):
    """A file of the commit: its mode and its blob's name."""

    mode: Mode
    blob: str


@dataclass(frozen=True, slots=True)
class GitTree:
    """The files of ``commit`` (its full name) in ``repository``. Submodules are left out.

    Not for two threads at once: one ``git cat-file`` answers all reads.
    """

    repository: Path
    commit: str
    label: str
    git: Git
    entries: Mapping[str, Entry]

    @property
    def name(self) -> str:
        return self.label

    def read(self, path: PurePosixPath) -> bytes | None:
        entry = self.entries.get(str(path))
        if entry is None:
            return None
        try:
            found: bytes = self.git.get_object_data(entry.blob)[3]
        except (ValueError, OSError) as error:
            raise HostError(
                f"{self.repository}: {path} of {self.label} can't be read (blob {entry.blob}); "
                "a partial clone lacks it"
            ) from error
        return found

    def mode(self, path: PurePosixPath) -> Mode | None:
        entry = self.entries.get(str(path))
        return None if entry is None else entry.mode

    def paths(self, under: PurePosixPath = ROOT) -> Iterator[PurePosixPath]:
        if under == ROOT:
            yield from map(PurePosixPath, self.entries)
        elif str(under) in self.entries:
            yield under
        else:
            prefix = f"{under}/"
            yield from (PurePosixPath(path) for path in self.entries if path.startswith(prefix))


def git_tree(repository: Path, revision: str) -> GitTree:
    """The tree of *revision* (a tag, a branch, a commit) in the repository at *repository*,
    which is bare or has a work tree.

    Raises:
        InputError: no repository there, or it has no such revision.
        HostError: git is not installed, or the repository is broken.
    """
    git = repository_git(repository)
    commit = commit_of(git, revision)
    if commit is None:
        raise InputError(f"{repository}: no tag, branch or commit is called {revision}")
    return GitTree(repository, commit, revision, git, _entries(git, repository, commit))


def release_tree(repository: Path, version: str) -> GitTree | None:
    """The tree of the kernel *version*, in its canonical spelling, by whichever of the usual tag
    names *repository* has; None if it has none of them.

    Raises:
        InputError: no repository there.
    """
    git = repository_git(repository)
    for tag in tag_names(version):
        commit = commit_of(git, f"refs/tags/{tag}")
        if commit is not None:
            return GitTree(repository, commit, version, git, _entries(git, repository, commit))
    return None


def tags(repository: Path) -> tuple[str, ...]:
    """The names of all tags in *repository*."""
    return tuple(str(repository_git(repository).tag("--list")).splitlines())


def repository_git(repository: Path, *, at: Path | None = None) -> Git:
    """git for the repository at *repository*, run in that folder or in *at*; set up not to reach
    the network or run anything that the repository's config may name for it.

    Raises:
        InputError: no repository there.
    """
    # GitPython looks for git when it is imported, and complains at length.
    from git.cmd import Git

    git = Git(str(repository if at is None else at))
    git.set_persistent_git_options(c=list(OFF))
    git.update_environment(
        GIT_DIR=str(git_folder(repository)),
        GIT_ALLOW_PROTOCOL="",  # a partial clone would fetch what it lacks
        GIT_NO_REPLACE_OBJECTS="1",
        LC_ALL="C",
    )
    return git


def commit_of(git: Git, revision: str) -> str | None:
    """The full name of the commit that *revision* stands for, or None."""
    from git.exc import GitCommandError

    if revision.startswith("-"):
        return None
    try:
        return str(git.rev_parse("--verify", "--quiet", f"{revision}^{{commit}}"))
    except GitCommandError:
        return None


def git_folder(repository: Path) -> Path:
    """The folder that git itself keeps of the repository at *repository*.

    Raises:
        InputError: no repository there.
    """
    inside = repository / ".git"
    if inside.is_file():  # a linked work tree, or a submodule
        text = inside.read_text(errors="surrogateescape")
        return (repository / text.removeprefix("gitdir:").strip()).absolute()
    found = inside if inside.is_dir() else repository
    if not ((found / "HEAD").is_file() and (found / "objects").is_dir()):
        raise InputError(f"{repository}: not a git repository")
    return found.absolute()


def _entries(git: Git, repository: Path, commit: str) -> Mapping[str, Entry]:
    from git.exc import GitCommandError

    try:
        listing: bytes = git.ls_tree("-r", "-z", "--full-tree", commit, stdout_as_string=False)
    except GitCommandError as error:
        raise HostError(f"{repository}: commit {commit} can't be read: is it whole?") from error
    found = []
    for line in listing.split(b"\0"):
        about, tab, path = line.partition(b"\t")
        if tab and (mode := MODES.get(about[:6])) is not None:
            found.append((path.decode(errors="surrogateescape"), Entry(mode, about[12:].decode())))
    # As PurePosixPaths sort: by component, where git sorts by byte.
    return dict(sorted(found, key=lambda pair: pair[0].split("/")))
