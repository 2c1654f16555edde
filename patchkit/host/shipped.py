"""Where the project's own inputs are: beside the package in a checkout, inside it in a wheel."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from patchkit.errors import HostError

PACKAGE = Path(__file__).resolve().parent.parent


def shipped(name: str) -> Path:
    """The folder *name*: ``patches`` or ``kernel-snapshots``.

    Raises:
        HostError: neither place has it.
    """
    for folder in (PACKAGE / "shipped" / name, PACKAGE.parent / name):
        if folder.is_dir():
            return folder
    raise HostError(f"{name}: not in this installation of patchkit; install it again")


@cache
def own_digest(*folders: str) -> str:
    """A hash of patchkit's own files in *folders* of the package, or in all of it: what other code
    found or made is not what this one would."""
    tops = [PACKAGE / folder for folder in folders] or [PACKAGE]
    files = sorted(path for top in tops for path in top.rglob("*") if path.is_file())
    told = hashlib.sha256()
    for path in files:
        if path.suffix != ".pyc":
            name, data = str(path.relative_to(PACKAGE)), path.read_bytes()
            told.update(f"{name} {len(data)}\0".encode() + data)
    return told.hexdigest()
