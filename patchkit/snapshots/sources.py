"""Where a kernel may come from, as ``--from`` spells it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from patchkit.errors import InputError

# git's own addresses; the scp-like one has no // and no / before its colon.
GIT_ADDRESS = re.compile(r"(?:git|ssh|git\+ssh|file)://.|[\w.-]+@[\w.-]+:.|https?://.*\.git/?$")
TARBALL_NAME = re.compile(r".*\.(?:tar\.\w+|tgz|tbz2?|txz)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Mirror:
    """kernel.org, or a server that is laid out as it; the address ends in a slash."""

    url: str


@dataclass(frozen=True, slots=True)
class TarballAddress:
    """One tarball on a server."""

    url: str


@dataclass(frozen=True, slots=True)
class TarballFile:
    """A tarball, or a prepatch, on this machine."""

    path: Path


@dataclass(frozen=True, slots=True)
class Folder:
    """An unpacked tree on this machine."""

    path: Path


@dataclass(frozen=True, slots=True)
class Repository:
    """A git repository on this machine, bare or with a work tree."""

    path: Path


@dataclass(frozen=True, slots=True)
class RemoteRepository:
    """A git repository elsewhere."""

    url: str


Source = Mirror | TarballAddress | TarballFile | Folder | Repository | RemoteRepository


def source_of(text: str) -> Source:
    """What ``--from`` *text* means.

    Raises:
        InputError: nothing that there is.
    """
    if not text or not _is_address(text):
        raise InputError(f"--from {text!r}: names nothing")
    if GIT_ADDRESS.match(text):
        return RemoteRepository(text)
    if re.match(r"https?://.", text):
        if text.endswith("/"):
            return Mirror(text)
        return TarballAddress(text) if TARBALL_NAME.fullmatch(text) else RemoteRepository(text)
    path = Path(text)
    if path.is_file():
        return TarballFile(path)
    if not path.is_dir():
        raise InputError(
            f"{text}: no such file or folder; --from takes a tarball, an unpacked tree, a git "
            "repository, or the address of one"
        )
    is_bare = (path / "HEAD").is_file() and (path / "objects").is_dir()
    return Repository(path) if is_bare or (path / ".git").exists() else Folder(path)


def is_remote(source: Source) -> bool:
    """Whether *source* needs the network."""
    if isinstance(source, RemoteRepository):
        return not source.url.startswith("file:")
    return isinstance(source, Mirror | TarballAddress)


def _is_address(text: str) -> bool:
    """False for what looks like an address and is none, as ``https://[x/``."""
    try:
        urlsplit(text)
    except ValueError:
        return False
    return True
