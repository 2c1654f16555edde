"""A file's head lines → what happens to the file, but for its text."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from patchkit.errors import InputError
from patchkit.patch import labels
from patchkit.patch.labels import DEV_NULL
from patchkit.patch.model import FileChange
from patchkit.patch.raw import RawFile

MODE = re.compile(rb"(old|new|deleted file|new file) mode (\d{6})")
MOVED = re.compile(rb"(rename|copy) (from|to) (.*)", re.S)
BINARY = (b"GIT binary patch", b"Binary files ")
GIT_NAMES = re.compile(rb'diff --git (?:("?)a/(.*)\1) (?:("?)b/(.*)\3)$', re.S)


def change_of(
    raw: RawFile, head_labels: tuple[bytes, bytes], names: tuple[bytes, bytes], source: str
) -> tuple[FileChange, tuple[PurePosixPath, ...]]:
    """*raw* without its hunks, and the files it may mean, likeliest first.

    Raises:
        InputError: a name leaves the tree, or the change is binary, which no text can hold.
    """
    where = f"{source}:{raw.lineno}"
    modes, moves = _modes(raw), _moves(raw, where)
    if any(line.startswith(BINARY) for line in raw.git):
        raise InputError(f"{where}: a binary change; patchkit carries text only")
    if not any(names):
        names = _git_names(raw, modes, where)
    paths = labels.spellings(*names, source=where)
    path = paths[0]
    created = names[0] == DEV_NULL or "new file" in modes or _starts_empty(raw, head_labels)
    deleted = names[1] == DEV_NULL or "deleted file" in modes or _ends_empty(raw, head_labels)
    old = None if created else moves.get("from", path)
    new = None if deleted else moves.get("to", path)
    change = FileChange(
        old_path=old,
        new_path=new,
        old_mode=modes.get("deleted file", modes.get("old")),
        new_mode=modes.get("new file", modes.get("new")),
        is_copy="copy" in moves,
    )
    return change, (path,) if "from" in moves else paths


def changes_nothing(change: FileChange) -> bool:
    """Would *change* without hunks leave the tree as it is? git writes no such head: the lines
    below it are lost."""
    same_mode = change.old_mode == change.new_mode
    return change.old_path == change.new_path and same_mode and not change.is_copy


def _modes(raw: RawFile) -> dict[str, str]:
    found = (MODE.match(line) for line in raw.git)
    return {match[1].decode(): match[2].decode() for match in found if match}


def _moves(raw: RawFile, where: str) -> dict[str, PurePosixPath]:
    moves: dict[str, PurePosixPath] = {}
    for line in raw.git:
        match = MOVED.match(line)
        if match:
            path = labels.safe_path(labels.name(match[3]), where)
            moves[match[2].decode()] = path
            moves.setdefault(match[1].decode(), path)
    return moves


def _git_names(raw: RawFile, modes: dict[str, str], where: str) -> tuple[bytes, bytes]:
    """The names of a change without ``---`` and ``+++``: only its first line has them."""
    match = GIT_NAMES.match(raw.git[0]) if raw.git else None
    if match is None:
        raise InputError(f"{where}: a diff that names no file")
    old, new = b"a/" + match[2], b"b/" + match[4]
    return (
        DEV_NULL if "new file" in modes else old,
        DEV_NULL if "deleted file" in modes else new,
    )


def _starts_empty(raw: RawFile, head_labels: tuple[bytes, bytes]) -> bool:
    """diff -N: a file that is not there has the epoch's date and one hunk from nothing."""
    return (
        len(raw.hunks) == 1
        and raw.hunks[0].old_start == raw.hunks[0].old_count == 0
        and labels.is_epoch(head_labels[0])
    )


def _ends_empty(raw: RawFile, head_labels: tuple[bytes, bytes]) -> bool:
    return (
        len(raw.hunks) == 1
        and raw.hunks[0].new_start == raw.hunks[0].new_count == 0
        and labels.is_epoch(head_labels[1])
    )
