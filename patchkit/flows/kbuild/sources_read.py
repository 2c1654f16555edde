"""The C and assembler files that a build compiles, as its workspace remembers them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath

from patchkit.kbuild.workspace import Workspace

# the workspace's note of them, one a line
NOTE = "sources"


def keep_read(workspace: Workspace, sources: Iterable[PurePosixPath]) -> None:
    """Remember what make listed, once for a workspace."""
    workspace.notes[NOTE] = "\n".join(map(str, sorted(sources)))


def kept_read(workspace: Workspace) -> frozenset[PurePosixPath] | None:
    """What was remembered; None where nothing was listed yet."""
    listed = workspace.notes.get(NOTE)
    if listed is None:
        return None
    return frozenset(PurePosixPath(name) for name in listed.split("\n") if name)
