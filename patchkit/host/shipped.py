"""Where the project's own inputs are: beside the package in a checkout, inside it in a wheel."""

from __future__ import annotations

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
