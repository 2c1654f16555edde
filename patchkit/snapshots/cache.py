"""The user's cache of fetched trees: one folder per version, there whole or not at all.

CACHE/snapshots/2.4.0-test10/tree/          the files, read-only
CACHE/snapshots/2.4.0-test10/snapshot.json  where they came from, and their identity
CACHE/snapshots/2.4.0-test10/manifest       what tells which file was changed since
CACHE/snapshots/.2.4.0-test10/              being made; keeps a broken download
CACHE/snapshots/sha256sums                  of every tarball that was ever used
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from patchkit.errors import HostError, InputError
from patchkit.host.files import atomic_write, locked, reason
from patchkit.host.places import cache_folder
from patchkit.host.signals import held
from patchkit.snapshots.dir_tree import DirTree
from patchkit.snapshots.manifest import Manifest, parse, render

SCHEMA = "patchkit.snapshot/1"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A fetched tree.

    ``kind`` is the kind of source (``git``, ``tarball``, ``prepatch``, ``folder``), ``source``
    its path or address. For git, ``commit`` is the commit's full name, and ``repository`` the
    path of the repository where it is on this machine. ``tarballs`` are the (file name, sha256)
    of what was unpacked or applied. ``pin`` says how the tree compares with the catalogue's pin:
    ``matches``, ``none``, or ``differs``.
    """

    version: str
    kind: str
    source: str
    identity: str
    files: int
    pin: str
    commit: str | None = None
    repository: str | None = None
    tarballs: tuple[tuple[str, str], ...] = ()


def snapshots_folder() -> Path:
    """Where the fetched trees are; it need not exist."""
    return cache_folder() / "snapshots"


def cached(version: str) -> Snapshot | None:
    """The fetched *version*, in its canonical spelling; None if it was not fetched.

    Raises:
        HostError: it is there, and its description can't be read.
    """
    described = snapshots_folder() / version / "snapshot.json"
    try:
        fields = json.loads(described.read_bytes())
        if fields.pop("schema") != SCHEMA:
            raise HostError(f"{described}: made by another patchkit; remove its folder")
        tarballs = tuple((name, sha256) for name, sha256 in fields.pop("tarballs"))
        return Snapshot(**fields, tarballs=tarballs)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise HostError(f"{described}: can't be read: {reason(error)}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise HostError(f"{described}: is damaged; remove its folder, fetch again") from error


def all_cached() -> tuple[Snapshot, ...]:
    """Every fetched version, by name."""
    try:
        names = sorted(path.name for path in snapshots_folder().iterdir() if path.is_dir())
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise HostError(f"{snapshots_folder()}: can't be listed: {reason(error)}") from error
    found = (cached(name) for name in names if not name.startswith("."))
    return tuple(snapshot for snapshot in found if snapshot is not None)


def cached_tree(version: str) -> DirTree:
    """The files of a version that :func:`cached` has found."""
    return DirTree(snapshots_folder() / version / "tree", version)


def cached_manifest(version: str) -> Manifest:
    """What the files of a cached version were when they were fetched.

    Raises:
        HostError: it can't be read.
    """
    path = snapshots_folder() / version / "manifest"
    try:
        return parse(path.read_text(encoding="utf-8", errors="surrogateescape"))
    except OSError as error:
        raise HostError(f"{path}: can't be read: {reason(error)}") from error
    except ValueError as error:
        raise HostError(f"{path}: is damaged; remove its folder, fetch again") from error


@contextlib.contextmanager
def making(version: str) -> Iterator[Path]:
    """A folder in which the snapshot of *version* is made, for this process alone.

    Only its ``download`` outlives a failure; :func:`keep` makes the snapshot out of the rest.

    Raises:
        HostError: another patchkit is at it, or the disk refuses.
    """
    work = snapshots_folder() / f".{version}"
    busy = f"another patchkit is fetching {version}; run this again when it has finished"
    try:
        work.mkdir(parents=True, exist_ok=True)
        with locked(work, busy=busy):
            _clear(work)  # of a patchkit that was killed
            try:
                yield work
            finally:
                _clear(work)
                with contextlib.suppress(OSError):  # a broken download is in it
                    (work / "download").rmdir()
                with contextlib.suppress(OSError):
                    work.rmdir()
    except OSError as error:
        raise HostError(f"{work}: can't be written: {reason(error)}") from error


def _clear(work: Path) -> None:
    for path in work.iterdir():
        if path.name != "download":
            shutil.rmtree(path, ignore_errors=True)


def keep(work: Path, tree: Path, snapshot: Snapshot, manifest: Manifest) -> None:
    """Make *tree*, a folder somewhere in *work*, the cached tree of its version.

    Raises:
        OSError: the disk refuses.
    """
    whole = work / "whole"
    whole.mkdir()
    tree.rename(whole / "tree")
    fields = {"schema": SCHEMA, **dataclasses.asdict(snapshot)}
    atomic_write(whole / "snapshot.json", json.dumps(fields, indent=2).encode() + b"\n")
    atomic_write(whole / "manifest", render(manifest).encode(errors="surrogateescape"))
    final = snapshots_folder() / snapshot.version
    with held():
        if final.exists():
            final.rename(work / "old")
        whole.rename(final)
    shutil.rmtree(work / "download", ignore_errors=True)


def check_sha256(version: str, name: str, sha256: str) -> None:
    """Remember the sha256 of the tarball *name* of *version*; later it must be the same.

    Raises:
        InputError: it was another one at first use.
        HostError: the record can't be read or written.
    """
    ledger = snapshots_folder() / "sha256sums"
    with locked(snapshots_folder(), busy="", wait=True):
        try:
            lines = ledger.read_text().splitlines() if ledger.exists() else []
        except OSError as error:
            raise HostError(f"{ledger}: can't be read: {reason(error)}") from error
        known = {entry: digest for digest, _, entry in (line.partition("  ") for line in lines)}
        entry = f"{version}/{name}"
        if known.setdefault(entry, sha256) != sha256:
            raise InputError(
                f"{name}: not the file of that name that was used for {version} before (sha256 "
                f"{sha256[:12]}…, then {known[entry][:12]}…); if that is right, delete its line "
                f"in {ledger}"
            )
        text = "".join(f"{digest}  {entry}\n" for entry, digest in sorted(known.items()))
        atomic_write(ledger, text.encode())
