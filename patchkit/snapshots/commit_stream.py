"""Commits as the stream that ``git fast-import`` makes objects of: one process for any number.

A stream that git refuses leaves a crash report in the user's repository, so all that git would
refuse is kept out of it here, as ``git commit-tree`` does: crud about names, NUL in messages.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from typing import NamedTuple

from patchkit.tree.overlay import Changes

# The name that the commits have while git makes them. It is dropped before any ref is written.
NAME = b"refs/patchkit/made"
CRUD = bytes(range(33)) + b".,:;<>\"\\'"
MOST_OFFSET = datetime.timedelta(hours=14)  # git takes no zone beyond


class Commit(NamedTuple):
    """What to commit: a message's parts (a trailer may have no key), who wrote it when (ISO 8601;
    empty for now and the user), and the changes."""

    subject: str
    message: str
    trailers: tuple[tuple[str, str], ...]
    changes: Changes
    author: tuple[str, str] = ("", "")
    date: str = ""

    def text(self) -> str:
        """The whole message."""
        trailers = "\n".join(f"{key}: {value}" if key else value for key, value in self.trailers)
        return "\n\n".join(part for part in (self.subject, self.message.strip(), trailers) if part)


class Idents(NamedTuple):
    """The user as git has it, ``NAME <EMAIL> SECONDS ZONE``."""

    author: str
    committer: str


def commit_stream(
    commits: Iterable[Commit], parent: str, prefix: PurePosixPath, idents: Idents
) -> Iterator[bytes]:
    """The stream of *commits* upon *parent*, their files below *prefix*; git answers it with the
    full name of the last one."""
    yield b"feature done\nreset %s\nfrom %s\n\n" % (NAME, parent.encode())
    for commit in commits:
        text = commit.text().replace("\0", "").encode("utf-8", "replace") + b"\n"
        yield b"commit %s\nmark :1\n" % NAME
        yield b"author %s\n" % _author(commit, idents.author)
        yield b"committer %s\n" % _encoded(idents.committer)
        yield _data(text)
        yield from _files(commit.changes, prefix)
    yield b"get-mark :1\nreset %s\nfrom %s\n\ndone\n" % (NAME, b"0" * len(parent))


def _files(changes: Changes, prefix: PurePosixPath) -> Iterator[bytes]:
    # First what goes: a file may make room for a folder of its name.
    for path, file in changes.items():
        if file is None:
            yield b"D %s\n" % _quoted(prefix / path)
    for path, file in changes.items():
        if file is not None:
            yield b"M %s inline %s\n" % (file.mode.value.encode(), _quoted(prefix / path))
            yield _data(file.data)


def _data(data: bytes) -> bytes:
    return b"data %d\n%s\n" % (len(data), data)


def _quoted(path: PurePosixPath) -> bytes:
    name = _encoded(str(path)).replace(b"\\", b"\\\\").replace(b'"', b'\\"')
    return b'"%s"' % name.replace(b"\n", b"\\n")


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _author(commit: Commit, user: str) -> bytes:
    who, _, when = _encoded(user).rpartition(b"> ")
    name, email = (_clean(part) for part in commit.author)
    if commit.author[0]:
        who = b"%s <%s" % (name or email or b"unknown", email or b"unknown")
    return b"%s> %s" % (who, _moment(commit.date) or when)


def _clean(text: str) -> bytes:
    """*text* as git writes it into a commit."""
    data = text.encode("utf-8", "replace").strip(CRUD)
    return data.translate(None, b"\n<>\0")


def _moment(text: str) -> bytes:
    """Seconds and zone, as git has them; empty for what it can't have, such as 1969."""
    if not text:
        return b""
    date = datetime.datetime.fromisoformat(text)
    offset = date.utcoffset()
    if offset is None or abs(offset) > MOST_OFFSET:
        date = date.astimezone(datetime.UTC)
    seconds = int(date.timestamp())
    return f"{seconds} {date:%z}"[: len(str(seconds)) + 6].encode() if seconds >= 0 else b""
