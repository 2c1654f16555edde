"""What patchkit asks of a repository's past. Porting and inspecting never see a repository."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import NamedTuple, Protocol


class Version(NamedTuple):
    """A text that a file once had.

    ``path`` is its name then; ``blob``, ``before`` and ``commit`` are git's full names. ``commit``
    is the one that made the text what it is, the latest if several did, out of ``before`` (None
    where the file was new). ``place`` is that commit's in the history, parents before children;
    ``release`` is the first tag that has it.
    """

    path: PurePosixPath
    blob: str
    before: str | None
    commit: str
    place: int
    release: str | None


class Origin(NamedTuple):
    """Who made a commit, as people know it. ``date`` is in seconds since 1970, UTC."""

    commit: str
    subject: str
    author: str
    date: int
    release: str | None


class History(Protocol):
    """The past of one revision: only its ancestors are ever looked at."""

    @property
    def name(self) -> str:
        """For people: the repository and the revision."""
        ...

    def whole(self) -> History:
        """All that the repository has, later and other lines included. It may explain why the
        target is as it is, and must never supply a text."""
        ...

    def versions(self, path: PurePosixPath) -> Iterator[Version]:
        """The distinct texts of *path* up to the revision, nearest first; through renames."""
        ...

    def changes(self, path: PurePosixPath) -> Iterator[Version]:
        """What each commit made of *path*, nearest first; a text may come several times."""
        ...

    def text(self, version: Version) -> bytes | None:
        """The bytes of *version*; None where the repository lacks them, or they are too many."""
        ...

    def text_before(self, version: Version) -> bytes | None:
        """What the commit of *version* found; None as with :meth:`text`, empty for a new file."""
        ...

    def origin(self, commit: str) -> Origin:
        """What there is to say of *commit*; empty texts where it can't be read."""
        ...


class Mention(NamedTuple):
    """A line of a file in some kernel of the repository."""

    path: PurePosixPath
    line: bytes


class Searchable(History, Protocol):
    """A history in which a word can be looked up."""

    def mentions(self, names: Sequence[bytes]) -> Mapping[bytes, Sequence[Mention]]:
        """The lines of C that have each of *names* as a word, headers first, in the newest kernel
        that has it; C identifiers only."""
        ...
