"""Which paths may be written below a folder. Patches, archives and repositories are hostile."""

from __future__ import annotations

import os
from pathlib import PurePosixPath

from patchkit.errors import InputError

# Linux 2.6.9 has 7.
DEEPEST = 64


def check_path(path: PurePosixPath) -> None:
    """Refuse a path that would leave its tree, or reach into git's own folder.

    Raises:
        InputError: absolute, empty, with ``..``, with control characters, endless, or with a
            component ``.git``.
    """
    parts = path.parts
    if path.is_absolute() or not parts or ".." in parts:
        raise InputError(f"{path}: a path that leaves the tree is refused")
    if any(character < " " or character == "\x7f" for character in str(path)):
        raise InputError(f"{path}: a path with control characters is refused")
    if len(parts) > DEEPEST:
        raise InputError(f"{path}: a path of over {DEEPEST} folders is refused")
    if any(part.lower() == ".git" for part in parts):
        raise InputError(f"{path}: a path into git's own folder is refused")


def check_link(path: PurePosixPath, target: bytes) -> None:
    """Refuse a symlink at *path* whose *target* is outside of its tree.

    Raises:
        InputError: it is absolute, or has more ``..`` than *path* has folders.
    """
    link = PurePosixPath(os.fsdecode(target))
    depth = len(path.parts) - 1
    leaves = link.is_absolute() or not target or b"\0" in target
    for part in link.parts:
        depth += -1 if part == ".." else 1
        leaves = leaves or depth < 0
    if leaves:
        raise InputError(f"{path}: a symlink to {link}, outside of the tree, is refused")
