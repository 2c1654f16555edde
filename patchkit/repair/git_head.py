"""A file's head lines → what happens to the file, but for its text."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from patchkit.errors import InputError
from patchkit.patch import labels
from patchkit.patch.labels import DEV_NULL
from patchkit.patch.model import FileChange
from patchkit.patch.raw import RawFile

MODE = re.compile(rb"(old|new|deleted file|new file) mode (\d+)")
# What a patch may make of a file. Early git wrote all nine permission bits, and reads them still:
# the owner's x is all that counts.
REGULAR = re.compile(rb"100([0-7])[0-7][0-7]")
SYMLINK = "120000"
MOVED = re.compile(rb"(rename|copy) (from|to) (.*)", re.S)
BINARY = (b"GIT binary patch", b"Binary files ")
GIT_NAMES = re.compile(rb"diff --git (.*)$", re.S)
# Two of Linux's longest paths: every blank may be where one name ends, so there must be an end.
LONGEST_NAMES = 2 * 4096
QUOTED = rb'"(?:[^"\\]|\\.)*"'
ONE_QUOTED = re.compile(rb"(%b|.*) (%b)$|(%b) (.*)$" % (QUOTED, QUOTED, QUOTED), re.S)


def change_of(
    raw: RawFile, head_labels: tuple[bytes, bytes], names: tuple[bytes, bytes], where: str
) -> tuple[FileChange, tuple[PurePosixPath, ...]]:
    """*raw* without its hunks, and the files it may mean, likeliest first.

    *where* names the place for people: the mail and the line in it.

    Raises:
        InputError: a name leaves the tree, the change is binary, which no text can hold, or it
            makes a file what no patch may make of it.
    """
    modes, moves = _modes(raw, where), _moves(raw, where)
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


def _modes(raw: RawFile, where: str) -> dict[str, str]:
    found = (MODE.match(line) for line in raw.git)
    modes = {match[1].decode(): _mode(match[2], where) for match in found if match}
    if "old" in modes and "new" in modes and (modes["old"] == SYMLINK) != (modes["new"] == SYMLINK):
        raise InputError(f"{where}: a file can't become a symlink, or a symlink a file, in place")
    return modes


def _mode(mode: bytes, where: str) -> str:
    """*mode* as one of the three that git has for files."""
    if mode.decode() == SYMLINK:
        return SYMLINK
    match = REGULAR.fullmatch(mode)
    if match is None:
        raise InputError(f"{where}: mode {mode.decode()} is no file's, and no symlink's")
    return "100755" if int(match[1]) & 1 else "100644"


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
    names = _two_names(match[1]) if match else None
    if names is None:
        raise InputError(f"{where}: a diff that names no file")
    old, new = names
    return (
        DEV_NULL if "new file" in modes else old,
        DEV_NULL if "deleted file" in modes else new,
    )


def _two_names(text: bytes) -> tuple[bytes, bytes] | None:
    """The names in ``a/x b/x``. Blanks in names are not quoted: the two differ in their prefix
    only, but for renames, and these have lines of their own for the names."""
    if len(text) > LONGEST_NAMES:
        return None
    if match := ONE_QUOTED.match(text):
        old, new = match.group(1, 2) if match[2] else match.group(3, 4)
        return labels.name(old), labels.name(new)
    text = text.rstrip()
    blanks = [at for at, byte in enumerate(text) if byte == ord(" ")]
    pairs = [(text[:at], text[at + 1 :]) for at in blanks]
    alike = [pair for pair in pairs if _unprefixed(pair[0]) == _unprefixed(pair[1])]
    prefixed = [pair for pair in pairs if pair[1].startswith(b"b/")]
    return next(iter([*alike, *prefixed]), None)


def _unprefixed(name: bytes) -> bytes:
    prefix, slash, rest = name.partition(b"/")
    return rest if slash else prefix


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
