"""The patch as a value: frozen, bytes all the way down, nothing of it in doubt but white space."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from pathlib import PurePosixPath


class Kind(Enum):
    """What a line of a hunk is; the value is its marker in the diff."""

    CONTEXT = b" "
    REMOVED = b"-"
    ADDED = b"+"


class Spacing(Enum):
    """What is left of the author's white space in a hunk's lines."""

    KEPT = "kept"
    COLUMNS = "columns"  # tabs became blanks, columns are right
    COLLAPSED = "collapsed"  # runs became one blank on added and removed lines


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a hunk.

    ``text`` has no marker and no newline; ``newline`` is False for the last line of a file that
    ends without one.
    """

    kind: Kind
    text: bytes
    newline: bool = True


@dataclass(frozen=True, slots=True)
class Hunk:
    """Lines that change together. Starts count from 1 as in the ``@@`` line; an empty side has
    the number of the line before it, as diff writes it. Where ``spacing`` is not KEPT, only the
    target knows the white space of added lines."""

    old_start: int
    new_start: int
    lines: tuple[Line, ...]
    section: bytes = b""
    spacing: Spacing = Spacing.KEPT

    @property
    def old(self) -> tuple[Line, ...]:
        """The lines of the image before the change."""
        return tuple(line for line in self.lines if line.kind is not Kind.ADDED)

    @property
    def new(self) -> tuple[Line, ...]:
        """The lines of the image after the change."""
        return tuple(line for line in self.lines if line.kind is not Kind.REMOVED)


@dataclass(frozen=True, slots=True)
class FileChange:
    """What a patch does to one file.

    ``old_path`` is None for a file that is created, ``new_path`` for one that is deleted; they
    differ for a rename or a copy. Modes are git's octal text (``100755``), None where unstated.
    ``copy_of`` is for a copy that is taken back: the file that it is, but for the hunks.
    """

    old_path: PurePosixPath | None
    new_path: PurePosixPath | None
    hunks: tuple[Hunk, ...] = ()
    old_mode: str | None = None
    new_mode: str | None = None
    is_copy: bool = False
    copy_of: PurePosixPath | None = None

    @property
    def path(self) -> PurePosixPath:
        """The file's name after the change; before it for a file that is deleted."""
        path = self.new_path or self.old_path
        if path is None:
            raise ValueError("a file change names no file")
        return path


@dataclass(frozen=True, slots=True)
class Person:
    """An author as mail and git name one."""

    name: str = ""
    email: str = ""

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>".strip() if self.email else self.name


@dataclass(frozen=True, slots=True)
class Head:
    """What a mail or a commit says about its patch; for people, so decoded text.

    ``date`` is as received (any form); ``subject`` has no ``[PATCH n/m]`` prefix; ``message`` is
    the text above the diff without trailers; ``trailers`` are ``(key, value)``, a line in
    brackets among them has no key. ``commit`` is the one that the mail was made of, if it says.
    """

    subject: str = ""
    author: Person = Person()
    date: str = ""
    message: str = ""
    message_id: str = ""
    trailers: tuple[tuple[str, str], ...] = ()
    commit: str = ""

    @property
    def trailer_lines(self) -> tuple[str, ...]:
        """The trailers as they stand in a message."""
        return tuple(f"{key}: {value}" if key else value for key, value in self.trailers)


@dataclass(frozen=True, slots=True)
class Patch:
    """One change: a head and the files it touches, in the order of the diff."""

    files: tuple[FileChange, ...]
    head: Head = field(default_factory=Head)
