"""What the user made of a patch in conflict: read off the tree, and never guessed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from patchkit.errors import HostError, InputError
from patchkit.flows.apply.stop_at import REJECTS
from patchkit.port.markers import is_marked
from patchkit.snapshots.dir_tree import dir_tree
from patchkit.snapshots.git_branch import committed, staged_paths
from patchkit.stack.state import Digests, State, Stop, digest
from patchkit.tree.base import Tree
from patchkit.tree.overlay import Changes, File, file_of


@dataclass(frozen=True, slots=True)
class Resolution:
    """``changes`` are what the patch became; ``before`` its files without it; ``rejects`` our
    .rej files that go now. ``resolved`` are files of the patch, ``along`` others."""

    changes: Changes
    before: Changes
    digests: Digests
    rejects: Changes
    resolved: tuple[PurePosixPath, ...]
    along: tuple[PurePosixPath, ...]


def resolution(folder: Path, state: State, stop: Stop) -> Resolution:
    """The changes in *folder* since the *stop*.

    Raises:
        InputError: there are none, or conflict markers are left.
        HostError: the tree was put back to what it was before the stack.
    """
    tree = dir_tree(folder)
    rejects = our_rejects(stop)
    resolved = [
        path
        for path, left in stop.left.items()
        if path not in rejects and digest(tree.read(path)) != left
    ]
    along = _along(folder, tree, state, stop)
    if not resolved and not along:
        files = ", ".join(str(path) for path in stop.left if path not in rejects)
        raise InputError(
            f"{folder}: nothing was resolved since patchkit stopped; make the change in {files}, "
            "or leave the patch out with --skip"
        )
    for path in stop.left:
        if is_marked(tree.read(path) or b""):
            raise InputError(f"{folder / path}: has conflict markers in it still")
    return _read_off(folder, tree, state, stop, along)


def _read_off(
    folder: Path, tree: Tree, state: State, stop: Stop, along: list[PurePosixPath]
) -> Resolution:
    gone = our_rejects(stop)
    before: dict[PurePosixPath, File | None] = dict(stop.before)
    if state.terms.commit and along:
        before.update(committed(folder, state.head, along))
    changes = {
        path: now
        for path in (*stop.left, *along)
        if path not in gone and (now := file_of(tree, path)) != before.get(path)
    }
    digests = {path: digest(tree.read(path)) for path in (*stop.left, *along)}
    return Resolution(
        changes=changes,
        before={p: f for p, f in before.items() if p not in gone},
        digests=digests,
        # Only those that are as we wrote them.
        rejects={p: None for p in gone if digests[p] == stop.left[p]},
        resolved=tuple(path for path in changes if path in stop.left),
        along=tuple(along),
    )


def _along(folder: Path, tree: Tree, state: State, stop: Stop) -> list[PurePosixPath]:
    """Files that the patch does not touch and that changed since."""
    changed = [
        path
        for path, left in state.left.items()
        if path not in stop.left and digest(tree.read(path)) != left
    ]
    for path in changed:
        original = state.originals.get(path)
        if tree.read(path) == (None if original is None else original.data):
            raise HostError(
                f"{folder / path}: is as it was before the stack; was the tree put back? Forget "
                "the stack with --quit and begin again"
            )
    if state.terms.commit:
        known = {*stop.staged, *stop.left, *changed}
        changed += [path for path in staged_paths(folder) if path not in known]
    return changed


def our_rejects(stop: Stop) -> frozenset[PurePosixPath]:
    """The .rej files that the *stop* left."""
    return frozenset(
        path
        for path, left in stop.left.items()
        if path.name.endswith(REJECTS) and stop.before[path] is None and left is not None
    )
