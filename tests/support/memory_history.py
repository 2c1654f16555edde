"""A history that is a list of texts of one file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from patchkit.history.version import Origin, Version

FILE = PurePosixPath("mm/a.c")


@dataclass(frozen=True, slots=True)
class MemoryHistory:
    """*texts* of FILE, oldest first, up to number *last*; its commits are called by numbers."""

    texts: tuple[bytes | None, ...]
    last: int | None = None
    name: str = "memory"

    def whole(self) -> MemoryHistory:
        return MemoryHistory(self.texts)

    def versions(self, path: PurePosixPath) -> Iterator[Version]:
        yield from self.changes(path)

    def changes(self, path: PurePosixPath) -> Iterator[Version]:
        assert path == FILE
        for at, _ in reversed(list(enumerate(self.texts[: self.last]))):
            before = str(at - 1) if at else None
            yield Version(FILE, str(at), before, str(at), at, f"2.4.{at}")

    def text(self, version: Version) -> bytes | None:
        return self.texts[int(version.blob)]

    def text_before(self, version: Version) -> bytes | None:
        return self.texts[int(version.before)] if version.before else b""

    def origin(self, commit: str) -> Origin:
        return Origin(commit, f"change {commit}", "A Tester <a@b>", 0, f"2.4.{commit}")
