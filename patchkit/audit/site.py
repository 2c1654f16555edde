"""A place where a page is reserved or unreserved, and what kind of place it is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath

from patchkit.csource.parse import Unparsed


class Role(StrEnum):
    """What a primitive's name does where it stands.

    DEFINE is a primitive's name, or PG_reserved, in its own definition, body included; MENTION is
    a comment, a string or a read-only test.
    """

    RESERVE = "reserve"
    UNRESERVE = "unreserve"
    DEFINE = "define"
    MENTION = "mention"


@dataclass(frozen=True, slots=True, order=True)
class Site:
    """One token. ``line`` and ``column`` count from 1, columns in bytes.

    ``primitive`` is what the token stands for: for the call of an alias macro, the primitive in
    its body. ``live`` is False in comments and in branches that are never compiled.
    """

    file: PurePosixPath
    line: int
    column: int
    primitive: str
    function: str | None
    role: Role
    live: bool
    alias: str | None = None

    @property
    def rule(self) -> str:
        """The stable id under which this site is reported."""
        return f"page-{self.role}"


@dataclass(frozen=True, slots=True)
class Alias:
    """A macro that is another name for an operation, and the file that defines it."""

    name: str
    primitive: str
    role: Role
    file: PurePosixPath


@dataclass(frozen=True, slots=True)
class FileSites:
    """What one file has: its sites in order, and the spans no parser could read."""

    file: PurePosixPath
    sites: tuple[Site, ...]
    unparsed: tuple[Unparsed, ...]


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file that should have been audited and was not."""

    file: PurePosixPath
    reason: str
