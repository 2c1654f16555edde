"""A history that keeps on record which texts were read of it: the report names every one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import NamedTuple

from patchkit.history.version import History, Origin, Version


class Blob(NamedTuple):
    """A text that was read: its file's ``path`` then, git's names of ``blob`` and of the
    ``commit`` that made it, or replaced it, and the first ``release`` that has this commit. One
    that is not read among the tree's ``ancestors`` explains, and supplies nothing."""

    path: PurePosixPath
    blob: str
    commit: str
    release: str | None
    ancestors: bool = True


@dataclass(frozen=True, slots=True)
class Past:
    """What was read of a history. ``name`` is empty where nothing was asked of it; ``problem``
    says why it could not be read."""

    name: str = ""
    problem: str = ""
    blobs: tuple[Blob, ...] = ()


class RecordedHistory:
    """*history*, and what was read of it."""

    def __init__(self, history: History, above: RecordedHistory | None = None) -> None:
        self._history = history
        self._ancestors = above is None
        self._blobs: dict[Blob, None] = {} if above is None else above._blobs

    @property
    def past(self) -> Past:
        """What was read so far, first things first."""
        blobs = tuple(self._blobs)
        problem = str(getattr(self._history, "problem", ""))
        return Past(self.name if blobs else "", problem, blobs)

    @property
    def name(self) -> str:
        return self._history.name

    def whole(self) -> History:
        return RecordedHistory(self._history.whole(), self)

    def versions(self, path: PurePosixPath) -> Iterator[Version]:
        return self._history.versions(path)

    def changes(self, path: PurePosixPath) -> Iterator[Version]:
        return self._history.changes(path)

    def text(self, version: Version) -> bytes | None:
        return self._recorded(version, version.blob, self._history.text(version))

    def text_before(self, version: Version) -> bytes | None:
        return self._recorded(version, version.before, self._history.text_before(version))

    def origin(self, commit: str) -> Origin:
        return self._history.origin(commit)

    def _recorded(self, version: Version, blob: str | None, text: bytes | None) -> bytes | None:
        if blob is not None and text is not None:
            commit, release = version.commit, version.release
            self._blobs[Blob(version.path, blob, commit, release, self._ancestors)] = None
        return text


def read_of(history: History | None) -> Past:
    """What was read of *history*, if that is on record."""
    return history.past if isinstance(history, RecordedHistory) else Past()
