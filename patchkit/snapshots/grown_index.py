"""The index of a history, brought up to date with its repository: what no run before has read
comes out of one ``git log``."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from patchkit.errors import HostError
from patchkit.snapshots.history_index import Index
from patchkit.snapshots.log_changes import FORMAT, Logged, logged
from patchkit.snapshots.progress import Progress

if TYPE_CHECKING:
    from git.cmd import Git

# After so many commits read, half a second or so, a person hears of it.
TOLD = 1000


class _UnreadableError(Exception):
    """git ended before it had named all commits."""


def extended(index: Index, git: Git, repository: Path, commit: str, progress: Progress) -> int:
    """The place of *commit* once it is in the index, with all that any reference has; with
    nothing else where a part of the repository is broken."""
    for wanted in (("--all", commit), (commit,)):
        try:
            with index.changing():
                if index.place(commit) is None:  # else a run beside this one was quicker
                    index.append(_told(_log(git, wanted, _known(index, git)), repository, progress))
                    index.set_tags(_tags(git))
                place = index.place(commit)
        except _UnreadableError:
            continue
        if place is not None:
            return place
    raise HostError(f"{repository}: the commits up to {commit} can't be read: is it whole?")


def _told(commits: Iterable[Logged], repository: Path, progress: Progress) -> Iterator[Logged]:
    what, count = f"reading the history {repository}, once; commits", 0
    try:
        for count, one in enumerate(commits, 1):
            if count % TOLD == 0:
                progress(what, count, None)
            yield one
    finally:  # on Ctrl-C too: what is said then has a line of its own
        progress(what, count, count)


def _known(index: Index, git: Git) -> Iterator[str]:
    for name in index.heads():
        # Another repository may stand where the indexed one was.
        with contextlib.suppress(ValueError):
            git.get_object_header(name)
            yield name


def _log(git: Git, wanted: Iterable[str], known: Iterable[str]) -> Iterator[Logged]:
    """The commits of *wanted* that are not among the *known* ones and their ancestors.

    Raises:
        _UnreadableError: at the end, where git could not name all of them.
    """
    # -c: of a merge, what is as in none of its parents. The options outrank what the
    # repository's config may say; showing signatures would run a program that it names.
    process = git.log(
        *("--reverse", "--date-order", "--raw", "-c", "--root", "--no-abbrev", "--no-renames"),
        *("--no-show-signature", "--no-color", "--no-relative", "--no-ext-diff", "--no-textconv"),
        *(f"--format={FORMAT}", *wanted, "--not", *known, "--"),
        as_process=True,
    )
    complaints = Thread(target=process.stderr.read)  # a full pipe would stop git
    complaints.start()
    yield from logged(process.stdout)
    complaints.join()
    # GitPython's own wait() would read the complaints again.
    if process.proc.wait() != 0:
        raise _UnreadableError


def _tags(git: Git) -> list[tuple[str, str]]:
    """``(name, commit)`` of every tag; a tag of something else is a stranger to the index."""
    form = "%(refname:strip=2) %(objectname) %(*objectname)"
    lines = str(git.for_each_ref("refs/tags", format=form)).splitlines()
    return [(parts[0], parts[-1]) for line in lines if len(parts := line.split()) > 1]
