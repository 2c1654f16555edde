"""A history that is opened when something of it is asked for: reading a repository's log for the
first time takes seconds to minutes, and most patches land without."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import PurePosixPath

from patchkit.errors import PatchkitError
from patchkit.history.version import History, Origin, Version


class LateHistory:
    """What *opened* gives, once it is needed. Nobody named this history, so where it can't be
    read it is empty, and ``problem`` says why."""

    def __init__(self, opened: Callable[[], History | None]) -> None:
        self._opened = opened
        self.problem = ""

    @cached_property
    def _history(self) -> History | None:
        try:
            return self._opened()
        except PatchkitError as error:
            self.problem = str(error)
            return None

    @property
    def name(self) -> str:
        return "no history" if self._history is None else self._history.name

    def whole(self) -> History:
        return self if self._history is None else self._history.whole()

    def versions(self, path: PurePosixPath) -> Iterator[Version]:
        return iter(()) if self._history is None else self._history.versions(path)

    def changes(self, path: PurePosixPath) -> Iterator[Version]:
        return iter(()) if self._history is None else self._history.changes(path)

    def text(self, version: Version) -> bytes | None:
        return None if self._history is None else self._history.text(version)

    def text_before(self, version: Version) -> bytes | None:
        return None if self._history is None else self._history.text_before(version)

    def origin(self, commit: str) -> Origin:
        if self._history is None:
            return Origin(commit, "", "", 0, None)
        return self._history.origin(commit)
