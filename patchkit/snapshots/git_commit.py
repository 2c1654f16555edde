"""Commits in the user's git tree: built beside the index first, then shown in one step.

Only plumbing is used: no hook, filter or editor that the repository names gets to run.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from patchkit.errors import HostError, InputError
from patchkit.host.files import scratch
from patchkit.snapshots.git_tree import repository_git
from patchkit.tree.overlay import Changes

if TYPE_CHECKING:
    from git.cmd import Git

NO_OBJECT = "0" * 40


class Commit(NamedTuple):
    """What to commit: a message's parts, who wrote it when (any form that git reads; empty for
    now and the user), and the changes."""

    subject: str
    message: str
    trailers: tuple[tuple[str, str], ...]
    changes: Changes
    author: tuple[str, str] = ("", "")
    date: str = ""

    def text(self) -> str:
        """The whole message."""
        trailers = "\n".join(f"{key}: {value}" for key, value in self.trailers)
        return "\n\n".join(part for part in (self.subject, self.message.strip(), trailers) if part)


@dataclass(frozen=True, slots=True)
class Prepared:
    """Commits that are made and that no branch shows yet."""

    git: Git
    old: str
    new: str
    paths: tuple[str, ...]

    def finish(self) -> None:
        """Let the branch show them; the work tree must have their files already.

        Raises:
            HostError: the branch moved meanwhile.
        """
        from git.exc import GitCommandError

        try:
            self.git.update_ref("-m", "patchkit apply", "HEAD", self.new, self.old)
            # Brings the index of just these files to the new commit.
            self.git.reset("-q", self.new, "--", *self.paths)
        except GitCommandError as error:
            raise HostError("git: the branch moved meanwhile; see 'git status'") from error


def prepare(folder: Path, commits: Sequence[Commit]) -> Prepared:
    """Make *commits* on top of the branch that is checked out in *folder*.

    Raises:
        InputError: no git tree, no commit yet, or the files have uncommitted changes.
        HostError: git refuses.
    """
    from git.exc import GitCommandError

    git = repository_git(folder)
    git.update_environment(GIT_WORK_TREE=str(folder.absolute()))
    paths = tuple(sorted({str(path) for commit in commits for path in commit.changes}))
    try:
        old = str(git.rev_parse("--verify", "--quiet", "HEAD^{commit}"))
        if git.status("--porcelain", "--untracked-files=all", "--", *paths):
            raise InputError(f"{folder}: uncommitted changes in files of the patch; commit first")
        new = old
        with scratch() as stage, git.custom_environment(GIT_INDEX_FILE=str(stage / "index")):
            git.read_tree(old)
            for commit in commits:
                new = _made(git, commit, new)
    except GitCommandError as error:
        said = str(error.stderr).strip().splitlines()
        raise HostError(
            f"{folder}: git: {said[-1] if said else 'no commit to build on'}"
        ) from error
    return Prepared(git, old, new, paths)


def _fed(command: Callable[..., object], *arguments: str, stdin: bytes, **options: object) -> str:
    """Run a git command of GitPython's on *stdin*; what it prints."""
    with tempfile.TemporaryFile() as file:
        file.write(stdin)
        file.seek(0)
        return str(command(*arguments, istream=file, **options))


def _made(git: Git, commit: Commit, parent: str) -> str:
    rows = []
    for path, file in commit.changes.items():
        name = str(path).encode("utf-8", "surrogateescape")
        if file is None:
            rows.append(b"0 %s\t%s\0" % (NO_OBJECT.encode(), name))
            continue
        blob = _fed(git.hash_object, "-w", "--stdin", "--no-filters", stdin=file.data)
        rows.append(b"%s %s\t%s\0" % (file.mode.value.encode(), blob.encode(), name))
    _fed(git.update_index, "-z", "--index-info", stdin=b"".join(rows))
    tree = git.write_tree()
    author, email = commit.author
    env: dict[str, str] = {}
    if author:
        env |= {"GIT_AUTHOR_NAME": author, "GIT_AUTHOR_EMAIL": email or "unknown"}
    if commit.date:
        env["GIT_AUTHOR_DATE"] = commit.date
    text = commit.text().encode("utf-8", "replace") + b"\n"
    return _fed(git.commit_tree, tree, "-p", parent, "-F", "-", stdin=text, env=env)
