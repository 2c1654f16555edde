"""The past of a revision, through GitPython and an index in the user's cache. The repository is
only read, and may be hostile: what can't be read of it is as good as not there."""

from __future__ import annotations

import heapq
import re
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from patchkit.errors import InputError
from patchkit.history.version import Mention, Origin, Version
from patchkit.snapshots.git_tree import commit_of, git_folder, repository_git
from patchkit.snapshots.grown_index import extended
from patchkit.snapshots.history_index import NONE, Index, Row, index_file, open_index
from patchkit.snapshots.progress import Progress, silent
from patchkit.snapshots.version import SPELLING, age, canonical, makefile_version, tag_names
from patchkit.tree.base import Tree

if TYPE_CHECKING:
    from git.cmd import Git

# The largest file of a kernel (a table of registers in 6.x) has 23 MB.
LARGEST = 32 << 20
PIECE = 1 << 20
# Kernels in which a symbol is looked up: so many branches, and so many lines of releases.
KERNELS = 12
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
    # Where the history begins with an import: the releases before it, by their numbers.
    earlier: GitHistory | None = None

    @property
    def name(self) -> str:
        if self.earlier is None:
            return f"{self.repository} up to {self.revision}"
        return (
            f"{self.repository} up to {self.revision}, which begins with an import: before that "
            f"{self.earlier.revision}, by its number"
        )

    def whole(self) -> GitHistory:
        everything = bytearray(b"\1") * len(self.releases)
        return replace(self, revision="every reference", ancestors=everything, earlier=None)

    def close(self) -> None:
        """End the git processes and let go of the index."""
        self.git.clear_cache()
        self.index.close()

    def versions(self, path: PurePosixPath) -> Iterator[Version]:
        seen: set[str] = set()
        for version in self.changes(path):
            if version.blob not in seen:
                seen.add(version.blob)
                yield version

    def changes(self, path: PurePosixPath) -> Iterator[Version]:
        before_import = iter(()) if self.earlier is None else self.earlier.changes(path)
        older = next(before_import, None)
        lines = (self._placed(name, below) for name, below in self._names(path))
        for name, (place, blob, old) in heapq.merge(*lines, key=_place, reverse=True):
            before = None if old is None else old.hex()
            if before is None and older is not None and name == path:
                before = older.blob  # imported over what the release before had
            commit, release = self.index.commit(place), self._release(place)
            yield Version(name, blob.hex(), before, commit, place, release)
        if older is not None:
            yield older
            yield from before_import

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

    def mentions(self, names: Sequence[bytes]) -> dict[bytes, list[Mention]]:
        found: dict[bytes, list[Mention]] = {}
        for commit in self._kernels():
            for where in (("*.h",), ("*.c", "*.S")):
                rest = [name for name in names if name not in found]
                for name, mention in _grep(self.git, rest, commit, where):
                    found.setdefault(name, []).append(mention)
        return found

    def _kernels(self) -> Iterator[str]:
        """The branches, and the last tag of each line (2.4, 2.5, ...), newest line first; of
        these, what is in this history."""
        last = dict.fromkeys(islice(self.index.heads(), KERNELS))
        lines: dict[str, str] = {}
        for name, commit in self.index.tagged():
            line = re.match(r"v?(\d+\.\d+)", name)
            if line:
                lines[line[1]] = commit
        last |= dict.fromkeys(list(lines.values())[: -KERNELS - 1 : -1])
        for commit in last:
            place = self.index.place(commit)
            if place is not None and self._has(place):
                yield commit

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
            _, found, size, stream = self.git.stream_object_data(name)
            if found != kind or size > LARGEST:
                while stream.read(PIECE):
                    pass  # the next answer stands behind it
                return None
            data: bytes = stream.read()
        except (ValueError, OSError):
            self.git.clear_cache()  # git ended over a broken object: the next read starts anew
            return None
        return data if len(data) == size else None


def _place(found: tuple[PurePosixPath, Row]) -> int:
    return found[1][0]


def open_history(
    repository: Path, revision: str | None = None, progress: Progress = silent
) -> GitHistory:
    """The history of *repository* (bare, or with a work tree) up to *revision*; up to HEAD where
    that is None. Takes seconds to minutes the first time, and where there is much that is new:
    *progress* hears of the commits read.

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
        place = extended(index, git, repository, commit, progress)
    if revision == commit:  # people know a release by its tag
        revision = next((tag for tag, of in index.tagged() if of == commit), revision)
    history = GitHistory(
        repository,
        revision,
        commit,
        git,
        index,
        index.ancestors(place),
        index.column("releases"),
        index.tags(),
    )
    return replace(history, earlier=_before_import(history))


def _before_import(history: GitHistory) -> GitHistory | None:
    """The history of the newest release, by its number, that is older than the one with which
    *history* begins, where that is an import without ancestors: a root that is tagged so."""
    index = history.index
    parents = index.column("parents")
    roots = {
        index.commit(place)
        for place, has in enumerate(history.ancestors)
        if has and parents[2 * place] == NONE
    }
    tagged = [(tag, commit) for tag, commit in index.tagged() if SPELLING.fullmatch(tag)]
    begins = [age(canonical(tag)) for tag, commit in tagged if commit in roots]
    if not begins:
        return None
    found = None
    for tag, commit in tagged:
        place, numbered = index.place(commit), age(canonical(tag))
        if place is None or numbered >= min(begins) or numbered[1][-2:-1] > ((0, "", 0),):
            continue  # -ac, -mm: somebody's own line
        if not history._has(place) and (found is None or numbered > found[0]):
            found = numbered, tag, commit, place
    if found is None:
        return None
    _, tag, commit, place = found
    return replace(
        history, revision=tag, commit=commit, ancestors=index.ancestors(place), earlier=None
    )


def tag_of(repository: Path, tree: Tree) -> str | None:
    """The tag in *repository* of the version that *tree*'s Makefile names; None without one."""
    says = makefile_version(tree.read(PurePosixPath("Makefile")) or b"")
    if not SPELLING.fullmatch(says):
        return None
    git = repository_git(repository)
    names = tag_names(canonical(says))
    return next((name for name in names if commit_of(git, f"refs/tags/{name}")), None)


def _grep(
    git: Git, names: Sequence[bytes], commit: str, where: tuple[str, ...]
) -> Iterator[tuple[bytes, Mention]]:
    """The lines of *commit*'s files *where* with one of *names* as a word; nothing where they
    can't be read."""
    if not names:
        return
    wanted = [option for name in names for option in ("-e", name.decode())]
    printed: bytes = git.grep(
        *("-I", "-w", "-F", "-z", "--full-name", "--no-color", "--no-line-number", "--no-column"),
        *(*wanted, commit, "--", *where),
        stdout_as_string=False,
        with_exceptions=False,  # it also fails where there is no such line
    )
    known = set(names)
    for line in printed.split(b"\n"):
        name, _, text = line.partition(b"\0")
        path = PurePosixPath(name.partition(b":")[2].decode(errors="surrogateescape"))
        for word in known.intersection(re.findall(rb"\w+", text)):
            yield word, Mention(path, text)


def _raw(path: PurePosixPath) -> bytes:
    return str(path).encode(errors="surrogateescape")


def _person(line: bytes) -> tuple[str, int]:
    """``author NAME <EMAIL> SECONDS ZONE`` as ``NAME <EMAIL>`` and seconds."""
    who, _, when = line.removeprefix(b"author ").rpartition(b"> ")
    seconds = when.split(b" ")[0]
    return f"{who.decode(errors='replace')}>", int(seconds[:12]) if seconds.isdigit() else 0
