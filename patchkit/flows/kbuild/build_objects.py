"""The objects of a build: what make was to make, what is there now, and why the rest is not."""

from __future__ import annotations

from pathlib import PurePosixPath

from patchkit.kbuild.objects import Asked, NotMade, as_json, asked_for, causes, from_json
from patchkit.kbuild.workspace import Workspace
from patchkit.tree.base import Tree

# in the workspace: what make listed before anything was there
ASKED = PurePosixPath(".patchkit-objects")
UNTRIED = "not tried: make gave up on what comes before it"


def keep_asked(workspace: Workspace, listing: bytes, *, top: str) -> None:
    """Remember what *listing*, that of a tree without objects, is to make."""
    workspace.write(ASKED, as_json(asked_for(listing, top=top)))


def kept_asked(workspace: Workspace) -> Asked | None:
    """What was remembered; None in trees that list nothing."""
    data = workspace.read(ASKED)
    return None if data is None else from_json(data)


def absent(workspace: Workspace, names: tuple[str, ...]) -> tuple[str, ...]:
    """Those of *names* that are not there."""
    return tuple(name for name in names if not (workspace.tree / name).is_file())


def outdated(
    workspace: Workspace, names: tuple[str, ...], listing: bytes, *, top: str, began: float
) -> tuple[str, ...]:
    """Those of *names* that are of an earlier build: make would make them again, says *listing*,
    and nothing was written there since *began*."""
    again = frozenset(asked_for(listing, top=top).objects)
    return tuple(
        name for name in names
        if name in again and (workspace.tree / name).stat().st_mtime < began
    )  # fmt: skip


def not_made(
    missing: tuple[str, ...], asked: Asked, log: bytes, tree: Tree, *, top: str, all_tried: bool
) -> tuple[NotMade, ...]:
    """Why each of the *missing* is not there, and what make could not even list; without those
    that make never came to, unless *all_tried*."""
    known = causes(log, missing, top=top, files=tree.paths())
    tried = (name for name in missing if all_tried or name in known)
    return (*(NotMade(name, known.get(name, UNTRIED)) for name in tried), *asked.impossible)
