"""The past of a revision, through GitPython and an index in the user's cache. The repository is
only read, and may be hostile: what can't be read of it is as good as not there."""

from __future__ import annotations

import contextlib
import heapq
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from threading import Thread
from typing import TYPE_CHECKING, Any

from patchkit.errors import HostError, InputError
from patchkit.history.version import Origin, Version
from patchkit.snapshots.git_tree import commit_of, git_folder, repository_git
from patchkit.snapshots.history_index import NONE, Index, Row, index_file, open_index
from patchkit.snapshots.log_changes import FORMAT, Logged, logged

if TYPE_CHECKING:
    from git.cmd import Git

# The largest file of a kernel (a table of registers in 6.x) has 23 MB.
LARGEST = 32 << 20
# A chain of renames longer than this is made up.
NAMES = 20


@dataclass(frozen=True, slots=True)
class GitHistory:
    """The ancestors of ``commit``, and nothing else of the repository.

    Not for two threads at once: one ``git cat-file`` answers all reads.
    """

    repository: Path
    revision: str
    commit: str
    git: Git
    index: Index
    ancestors: bytearray
    releases: array[int]
    tags: Sequence[str]

    @property
    def name(self) -> str:
        return f"{self.repository} up to {self.revision}"

    def whole(self) -> GitHistory:
        """All that the repository has, later and other lines included. It may explain why the
        target is as it is, and must never supply a text."""
        everything = bytearray(b"\1") * len(self.releases)
        return replace(self, revision="every reference", ancestors=everything)

    def close(self) -> None:
        """End the git processes and let go of the index."""
        self.git.clear_cache()
        self.index.close()

    def versions(self, path: PurePosixPath) -> Iterator[Version]:
        lines = (self._placed(name, below) for name, below in self._names(path))
        seen: set[bytes] = set()
        for name, (place, blob, old) in heapq.merge(*lines, key=_place, reverse=True):
            if blob not in seen:
                seen.add(blob)
                before = None if old is None else old.hex()
                commit, release = self.index.commit(place), self._release(place)
                yield Version(name, blob.hex(), before, commit, place, release)

    def text(self, version: Version) -> bytes | None:
        return self._object(version.blob, b"blob")

    def text_before(self, version: Version) -> bytes | None:
        return b"" if version.before is None else self._object(version.before, b"blob")

    def origin(self, commit: str) -> Origin:
        place = self.index.place(commit)
        release = None if place is None else self._release(place)
        head, _, message = (self._object(commit, b"commit") or b"").partition(b"\n\n")
        author, date = "", 0
        for line in head.split(b"\n"):
            if line.startswith(b"author "):
                author, date = _person(line)
        subject = message.lstrip(b"\n").partition(b"\n")[0]
        return Origin(commit, subject.decode(errors="replace"), author, date, release)

    def _placed(self, path: PurePosixPath, below: int) -> Iterator[tuple[PurePosixPath, Row]]:
        for row in self.index.texts(_raw(path)):
            if row[0] < below and self._has(row[0]):
                yield path, row

    def _names(self, path: PurePosixPath) -> list[tuple[PurePosixPath, int]]:
        """*path* and the names that the file had before, each with the place it ends below."""
        found = [(path, len(self.ancestors))]
        for name, below in found:
            for place, old in self.index.old_names(_raw(name)):
                former = PurePosixPath(old.decode(errors="surrogateescape"))
                known = any(former == other for other, _ in found)
                if place < below and self._has(place) and not known and len(found) < NAMES:
                    found.append((former, place))
        return found

    def _has(self, place: int) -> bool:
        return place < len(self.ancestors) and self.ancestors[place] == 1

    def _release(self, place: int) -> str | None:
        number = self.releases[place] if place < len(self.releases) else NONE
        return None if number == NONE else self.tags[number]

    def _object(self, name: str, kind: bytes) -> bytes | None:
        try:
            # GitPython says that this is text; it is bytes.
            found: Any
            _, found, size = self.git.get_object_header(name)
            if found != kind or size > LARGEST:
                return None
            data: bytes = self.git.get_object_data(name)[3]
        except (ValueError, OSError):
            self.git.clear_cache()  # git ended over a broken object: the next read starts anew
            return None
        return data if len(data) == size else None


def _place(found: tuple[PurePosixPath, Row]) -> int:
    return found[1][0]


def open_history(repository: Path, revision: str | None = None) -> GitHistory:
    """The history of *repository* (bare, or with a work tree) up to *revision*; up to HEAD where
    that is None. Takes seconds the first time, and where there is much that is new.

    Raises:
        InputError: no repository there, or it has no such revision.
        HostError: git is not installed, or the commits can't be read.
    """
    git = repository_git(repository)
    revision = revision or "HEAD"
    commit = commit_of(git, revision)
    if commit is None:
        raise InputError(f"{repository}: no tag, branch or commit is called {revision}")
    index = open_index(index_file(git_folder(repository)))
    place = index.place(commit)
    if place is None:
        place = _extended(index, git, repository, commit)
    return GitHistory(
        repository,
        revision,
        commit,
        git,
        index,
        index.ancestors(place),
        index.column("releases"),
        index.tags(),
    )


class _UnreadableError(Exception):
    """git ended before it had named all commits."""


def _extended(index: Index, git: Git, repository: Path, commit: str) -> int:
    """The place of *commit* once it is in the index, with all that any reference has; with
    nothing else where a part of the repository is broken."""
    for wanted in (("--all", commit), (commit,)):
        try:
            with index.changing():
                if index.place(commit) is None:  # else a run beside this one was quicker
                    index.append(_log(git, wanted, _known(index, git)))
                    index.set_tags(_tags(git))
                place = index.place(commit)
        except _UnreadableError:
            continue
        if place is not None:
            return place
    raise HostError(f"{repository}: the commits up to {commit} can't be read: is it whole?")


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


def _raw(path: PurePosixPath) -> bytes:
    return str(path).encode(errors="surrogateescape")


def _person(line: bytes) -> tuple[str, int]:
    """``author NAME <EMAIL> SECONDS ZONE`` as ``NAME <EMAIL>`` and seconds."""
    who, _, when = line.removeprefix(b"author ").rpartition(b"> ")
    seconds = when.split(b" ")[0]
    return f"{who.decode(errors='replace')}>", int(seconds[:12]) if seconds.isdigit() else 0
