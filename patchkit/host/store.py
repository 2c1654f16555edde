"""Bytes by key in the user's cache, safe with other processes; losing it costs only time."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path


class Store:
    """A table of blobs in one SQLite file.

    A file that is locked, damaged or not writable is like an empty one: nothing is found, and
    what is put is forgotten. Of more than *kept* entries the oldest go first.
    """

    def __init__(self, path: Path, kept: int = 400) -> None:
        self._path = path
        self._kept = kept

    def get(self, key: bytes) -> bytes | None:
        with contextlib.suppress(sqlite3.Error, OSError), self._open() as table:
            row = table.execute("SELECT value FROM kept WHERE key = ?", (key,)).fetchone()
            if row is not None:
                return bytes(row[0])
        return None

    def put(self, key: bytes, value: bytes) -> None:
        self.put_all([(key, value)])

    def put_all(self, entries: Sequence[tuple[bytes, bytes]]) -> None:
        """Put all *entries*, or none of them."""
        if not entries:
            return
        with contextlib.suppress(sqlite3.Error, OSError), self._open() as table:
            table.executemany("INSERT OR REPLACE INTO kept (key, value) VALUES (?, ?)", entries)
            table.execute(
                "DELETE FROM kept WHERE rowid <= (SELECT max(rowid) FROM kept) - ?", (self._kept,)
            )

    @contextlib.contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        table = sqlite3.connect(self._path, timeout=2)
        try:
            with table:
                table.execute("CREATE TABLE IF NOT EXISTS kept (key BLOB UNIQUE, value BLOB)")
                yield table
        finally:
            table.close()
