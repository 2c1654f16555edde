"""What is kept of a stack between two commands, as values."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import NamedTuple

from patchkit.mail.message import Message
from patchkit.patch.model import Head
from patchkit.tree.overlay import Changes

# File → the sha256 of its bytes, None where it is not there.
Digests = Mapping[PurePosixPath, str | None]


class Leave(Enum):
    """What a stop leaves of the patch in conflict."""

    NOTHING = "nothing"
    REJECT = "reject"  # what lands of it, and .rej files
    MARKERS = "markers"  # what lands of it, and conflict markers
    BOTH = "both"

    @property
    def marks(self) -> bool:
        """Are there to be conflict markers?"""
        return self in (Leave.MARKERS, Leave.BOTH)

    @property
    def rejects(self) -> bool:
        """Are there to be .rej files for all that is refused?"""
        return self in (Leave.REJECT, Leave.BOTH)

    @classmethod
    def of(cls, *, markers: bool, reject: bool) -> Leave:
        """What the two options ask for together."""
        if markers:
            return cls.BOTH if reject else cls.MARKERS
        return cls.REJECT if reject else cls.NOTHING


@dataclass(frozen=True, slots=True)
class Terms:
    """The options that hold for the whole stack."""

    commit: bool = False
    leave: Leave = Leave.NOTHING
    reverse: bool = False
    adapt: bool = True
    history: str = ""
    history_rev: str = ""
    memory: bool = True
    series: str = ""  # where the ported series is to be written
    form: str = ""  # mbox or quilt


class Mail(NamedTuple):
    """A mail of the stack, and its patch's head: a series.toml may say more than the mail."""

    message: Message
    head: Head


@dataclass(frozen=True, slots=True)
class Refused:
    """A file with hunks in conflict: their ``key``, the file's ``text`` without them, and the
    lines of it that they are ``about``."""

    path: PurePosixPath
    key: str
    text: bytes
    about: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Stop:
    """The patch that is the user's to resolve.

    ``before`` has its files as they were without it, ``left`` as they were left to the user, any
    .rej files included; ``staged`` are files that the user had staged before.
    """

    before: Changes
    left: Digests
    refused: tuple[Refused, ...] = ()
    staged: tuple[PurePosixPath, ...] = ()


@dataclass(frozen=True, slots=True)
class State:
    """A stack under way. ``order`` has the patches' indexes in the order to apply; ``at`` is the
    place in it of the patch to go on with, which is the one stopped at where ``stop`` is there.

    ``originals`` has every file changed so far as it was before the first patch, ``left`` the
    digests of what it is now; ``first`` and ``head`` are the branch's commits then and now.
    ``ported`` are the patches of the new series so far, by file name.
    """

    terms: Terms
    order: tuple[int, ...]
    at: int = 0
    stop: Stop | None = None
    originals: Changes = field(default_factory=lambda: MappingProxyType({}))
    left: Digests = field(default_factory=lambda: MappingProxyType({}))
    first: str = ""
    head: str = ""
    ported: tuple[tuple[str, bytes], ...] = ()

    @property
    def done(self) -> bool:
        return self.at >= len(self.order)


@dataclass(frozen=True, slots=True)
class Step:
    """Files to write, with the digests of what they replace, and the branch to move."""

    changes: Changes
    before: Digests
    heads: tuple[str, str] = ("", "")
    # Files whose place in git's index follows the branch.
    shown: tuple[PurePosixPath, ...] = ()


def digest(data: bytes | None) -> str | None:
    """The sha256 of *data*; None for a file that is not there."""
    return None if data is None else hashlib.sha256(data).hexdigest()
