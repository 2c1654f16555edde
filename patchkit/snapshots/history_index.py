"""Which commit made which file what, for every file of a repository: one SQLite file in the cache.

Asking git itself costs 40 to 500 ms a file on 63,000 commits; this takes one, after a ``git log``
over all of them once. Parents have lower places than their children, and new commits are
appended, so nothing written here is ever changed. SQLite's locks keep parallel runs apart.
"""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
from array import array
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from patchkit.errors import HostError
from patchkit.host.files import reason
from patchkit.host.places import cache_folder
from patchkit.snapshots.log_changes import Logged, renames

# Part of the file's name: another layout is another file.
LAYOUT = 2
TABLES = """
PRAGMA cache_size = -65536;
CREATE TABLE IF NOT EXISTS commits (place INTEGER PRIMARY KEY, name BLOB UNIQUE);
CREATE TABLE IF NOT EXISTS paths (id INTEGER PRIMARY KEY, path BLOB UNIQUE);
CREATE TABLE IF NOT EXISTS changes
    (path INTEGER, place INTEGER, blob BLOB, before BLOB, PRIMARY KEY (path, place)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS renames
    (path INTEGER, place INTEGER, old INTEGER, PRIMARY KEY (path, place)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS octopus (place INTEGER, parent INTEGER);
CREATE TABLE IF NOT EXISTS tags (number INTEGER PRIMARY KEY, name TEXT, place INTEGER);
CREATE TABLE IF NOT EXISTS columns (name TEXT PRIMARY KEY, numbers BLOB);
"""
# A second run waits for the one that builds the index, in seconds.
PATIENCE = 1800
NONE = -1

# A text that a file was given: the place of the commit, the blob, and the blob before it.
Row = tuple[int, bytes, bytes | None]


class Index:
    """The index of one repository, open."""

    def __init__(self, base: sqlite3.Connection) -> None:
        self._base = base

    def close(self) -> None:
        self._base.close()

    __del__ = close

    def place(self, commit: str) -> int | None:
        """The place of *commit*; None where it is not indexed."""
        return self._one("SELECT place FROM commits WHERE name = ?", bytes.fromhex(commit))

    def commit(self, place: int) -> str:
        """The name of the commit at *place*."""
        row = self._base.execute("SELECT name FROM commits WHERE place = ?", (place,)).fetchone()
        name: bytes = row[0]
        return name.hex()

    def texts(self, path: bytes) -> Sequence[Row]:
        """Every text that *path* was given, newest first."""
        return self._base.execute(
            "SELECT place, blob, before FROM changes JOIN paths ON paths.id = changes.path"
            " WHERE paths.path = ? AND blob IS NOT NULL ORDER BY place DESC",
            (path,),
        ).fetchall()

    def old_names(self, path: bytes) -> Sequence[tuple[int, bytes]]:
        """``(place, old path)`` of every commit that moved another file to *path*, newest first."""
        return self._base.execute(
            "SELECT place, old.path FROM renames JOIN paths AS new ON new.id = renames.path"
            " JOIN paths AS old ON old.id = renames.old WHERE new.path = ? ORDER BY place DESC",
            (path,),
        ).fetchall()

    def ancestors(self, place: int) -> bytearray:
        """A byte for each place up to *place*: 1 where that commit is an ancestor, or itself."""
        parents = self.column("parents")
        more: dict[int, list[int]] = {}
        for child, parent in self._base.execute("SELECT place, parent FROM octopus"):
            more.setdefault(child, []).append(parent)
        seen = bytearray(place + 1)
        at = place
        seen[at] = 1
        while at >= 0:
            for parent in (parents[2 * at], parents[2 * at + 1], *more.get(at, ())):
                if parent != NONE:
                    seen[parent] = 1
            at = seen.rfind(1, 0, at)
        return seen

    def tags(self) -> Sequence[str]:
        """The names of all tags on indexed commits; the column ``releases`` has indexes of it."""
        rows = self._base.execute("SELECT name FROM tags ORDER BY number").fetchall()
        return [name for (name,) in rows]

    def tagged(self) -> Sequence[tuple[str, str]]:
        """``(tag, commit)`` of all tags on indexed commits, older commits first."""
        rows = self._base.execute(
            "SELECT tags.name, commits.name FROM tags JOIN commits USING (place) ORDER BY number"
        ).fetchall()
        return [(tag, commit.hex()) for tag, commit in rows]

    def column(self, name: str) -> array[int]:
        """The numbers of all commits, by place: ``parents`` (two each), ``releases``."""
        row = self._base.execute("SELECT numbers FROM columns WHERE name = ?", (name,)).fetchone()
        numbers = array("i")
        if row is not None:
            numbers.frombytes(row[0])
        return numbers

    def heads(self) -> Iterator[str]:
        """The commits without a child here: git need not go below them again."""
        parents = self.column("parents")
        with_child = bytearray(len(parents) // 2)
        for parent in parents:
            if parent != NONE:
                with_child[parent] = 1
        at = with_child.find(0)
        while at >= 0:
            yield self.commit(at)
            at = with_child.find(0, at + 1)

    @contextlib.contextmanager
    def changing(self) -> Iterator[None]:
        """Everything inside is written as one, or not at all; other writers wait."""
        self._base.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._base.execute("ROLLBACK")
            raise
        self._base.execute("COMMIT")

    def append(self, log: Iterable[Logged]) -> None:
        """Add the commits of *log*, parents first; inside :meth:`changing`."""
        _Appending(self._base, self.column("parents")).take(log)

    def set_tags(self, tags: Iterable[tuple[str, str]]) -> None:
        """Note the ``(name, commit)`` of all tags, and which is the first to have each commit."""
        placed = [(self.place(commit), name) for name, commit in tags]
        rows = sorted((at, len(name), name) for at, name in placed if at is not None)
        self._base.execute("DELETE FROM tags")
        self._base.executemany(
            "INSERT INTO tags VALUES (?, ?, ?)",
            ((number, name, at) for number, (at, _, name) in enumerate(rows)),
        )
        releases = _first_with(self.column("parents"), [at for at, _, _ in rows])
        _store(self._base, "releases", releases)

    def _one(self, query: str, *values: object) -> int | None:
        row = self._base.execute(query, values).fetchone()
        return None if row is None else row[0]


class _Appending:
    """Names become numbers while commits are added."""

    def __init__(self, base: sqlite3.Connection, parents: array[int]) -> None:
        self._base = base
        self._parents = parents
        self._places: dict[bytes, int] = {}
        self._paths: dict[bytes, int] = dict(base.execute("SELECT path, id FROM paths"))

    def take(self, log: Iterable[Logged]) -> None:
        for one in log:
            if self._place(one.commit) is not None:
                continue
            place = len(self._parents) // 2
            self._places[one.commit] = place
            self._base.execute("INSERT INTO commits VALUES (?, ?)", (place, one.commit))
            known = [at for name in one.parents if (at := self._place(name)) is not None]
            self._parents.extend((*known, NONE, NONE)[:2])
            self._many("INSERT INTO octopus VALUES (?, ?)", [(place, at) for at in known[2:]])
            self._many(
                "INSERT OR REPLACE INTO changes VALUES (?, ?, ?, ?)",
                [
                    (self._path(change.path), place, change.blob, change.before)
                    for change in one.changes
                ],
            )
            self._many(
                "INSERT OR REPLACE INTO renames VALUES (?, ?, ?)",
                [(self._path(new), place, self._path(old)) for old, new in renames(one.changes)],
            )
        _store(self._base, "parents", self._parents)

    def _many(self, statement: str, rows: list[tuple[object, ...]]) -> None:
        if rows:
            self._base.executemany(statement, rows)

    def _place(self, commit: bytes) -> int | None:
        """None for a parent beyond a shallow clone's border."""
        place = self._places.get(commit)
        if place is not None:
            return place
        row = self._base.execute("SELECT place FROM commits WHERE name = ?", (commit,)).fetchone()
        return None if row is None else row[0]

    def _path(self, path: bytes) -> int:
        number = self._paths.get(path)
        if number is None:
            number = self._paths[path] = len(self._paths)
            self._base.execute("INSERT INTO paths VALUES (?, ?)", (number, path))
        return number


def open_index(path: Path) -> Index:
    """The index at *path*; an empty one where there is no file, or no index in it.

    Raises:
        HostError: it can't be read or made.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            return Index(_connected(path))
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError:  # not a database; all of it can be made again
            path.unlink()
            return Index(_connected(path))
    except (OSError, sqlite3.Error) as error:
        why = reason(error) if isinstance(error, OSError) else str(error)
        raise HostError(f"{path}: the index of the history can't be used: {why}") from error


def _connected(path: Path) -> sqlite3.Connection:
    base = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)
    try:
        base.executescript(TABLES)
    except sqlite3.Error:
        base.close()
        raise
    return base


def index_file(git_dir: Path) -> Path:
    """Where the index of the repository whose git folder is *git_dir* belongs."""
    name = hashlib.sha256(bytes(git_dir.resolve())).hexdigest()[:16]
    return cache_folder() / "history" / f"{name}-{LAYOUT}.sqlite"


def _store(base: sqlite3.Connection, name: str, numbers: array[int]) -> None:
    base.execute("INSERT OR REPLACE INTO columns VALUES (?, ?)", (name, numbers.tobytes()))


def _first_with(parents: array[int], tagged: Sequence[int]) -> array[int]:
    """For each place the first of the *tagged* places, oldest first, that has it as an ancestor,
    as an index of *tagged*. An octopus's third parent and further ones are left to later tags."""
    first = array("i", [NONE]) * (len(parents) // 2)
    for number, tag in enumerate(tagged):
        rest = [tag]
        while rest:
            at = rest.pop()
            if at == NONE or first[at] != NONE:
                continue
            first[at] = number
            rest += parents[2 * at : 2 * at + 2]
    return first
