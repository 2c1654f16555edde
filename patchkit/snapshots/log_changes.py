"""``git log --raw -c`` → which commit made which file what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

# One line per commit, told from the raw lines by its first byte.
FORMAT = ">%H %P"
# A regular file; 100664 is early git's. Symlinks and submodules have no text to patch.
FILE_MODES = frozenset((b"100644", b"100755", b"100664"))


class Change(NamedTuple):
    """A file as its commit left it: ``blob`` is None where it was deleted, or is no file now.
    ``before`` is the first parent's blob; None where the file is new."""

    path: bytes
    blob: bytes | None
    before: bytes | None


class Logged(NamedTuple):
    """A commit and the files that it changed; a merge only those that are as in no parent."""

    commit: bytes
    parents: tuple[bytes, ...]
    changes: tuple[Change, ...]


def logged(lines: Iterable[bytes]) -> Iterator[Logged]:
    """The commits in git's output, in its order; names are raw bytes, not hexadecimal."""
    commit, parents = b"", tuple[bytes, ...]()
    changes: list[Change] = []
    for line in lines:
        if line.startswith(b":"):
            change = _change(line)
            if change is not None:
                changes.append(change)
        elif line.startswith(b">"):
            if commit:
                yield Logged(commit, parents, tuple(changes))
            names = [bytes.fromhex(name.decode()) for name in line[1:].split()]
            commit, parents, changes = names[0], tuple(names[1:]), []
    if commit:
        yield Logged(commit, parents, tuple(changes))


def _change(line: bytes) -> Change | None:
    """``::MODE MODE MODE BLOB BLOB BLOB MM<tab>path``, a colon and two columns for each parent."""
    about, _, path = line.rstrip(b"\n").partition(b"\t")
    if path.startswith(b'"'):
        return None  # a control character, a quote or a backslash: no file of a kernel
    columns = about.lstrip(b":").split()
    parents = len(about) - len(about.lstrip(b":"))
    was_file, is_file = columns[0] in FILE_MODES, columns[parents] in FILE_MODES
    if not (was_file or is_file):
        return None
    blob, before = columns[2 * parents + 1], columns[parents + 1]
    return Change(
        path,
        bytes.fromhex(blob.decode()) if is_file else None,
        bytes.fromhex(before.decode()) if was_file else None,
    )


def renames(changes: tuple[Change, ...]) -> Iterator[tuple[bytes, bytes]]:
    """``(old path, new path)`` of files that a commit moved: the same bytes, or a file of the same
    name, gone in one place and new in another, and no third one like it."""
    gone = [change for change in changes if change.blob is None]
    new = [change for change in changes if change.before is None]
    if not gone or not new:
        return
    by_blob = _unique((change.before or b"", change.path) for change in gone)
    by_name = _unique((_base_name(change.path), change.path) for change in gone)
    new_names = _unique((_base_name(change.path), change.path) for change in new)
    for change in new:
        old = by_blob.get(change.blob or b"")
        if old is None and new_names.get(_base_name(change.path)) is not None:
            old = by_name.get(_base_name(change.path))
        if old is not None:
            yield old, change.path


def _unique(pairs: Iterable[tuple[bytes, bytes]]) -> dict[bytes, bytes | None]:
    """The pairs as a mapping; None for a key that has several values."""
    found: dict[bytes, bytes | None] = {}
    for key, value in pairs:
        found[key] = None if key in found else value
    return found


def _base_name(path: bytes) -> bytes:
    return path.rpartition(b"/")[2]
