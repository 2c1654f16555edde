"""A step of a stack onto the disk, such that a crash at any moment can be made up for."""

from __future__ import annotations

from pathlib import PurePosixPath

from patchkit.errors import HostError
from patchkit.snapshots.dir_tree import dir_tree
from patchkit.snapshots.git_branch import move_branch
from patchkit.snapshots.write import drop_staged, write_changes
from patchkit.stack.state import State, Step, digest
from patchkit.stack.store import Store
from patchkit.tree.overlay import File


def take(store: Store, step: Step, after: State) -> None:
    """Make *step*, and keep *after*: the record of both comes first, so that :func:`recover` can
    finish what a crash cut short.

    Raises:
        HostError: a file is not as *step* expects, the branch moved, or the disk refuses. What
            was there stays, but for a disk that fails halfway: then it can be recovered.
    """
    _compare(store, step)
    store.save(after, step)
    _make(store, step, after)


def recover(store: Store) -> tuple[State, bool]:
    """The state of the stack, and whether a step had to be finished first.

    Raises:
        HostError: a file that was being written is neither as before nor as it was to become.
    """
    state, step = store.load()
    if step is None:
        return state, False
    # Before anything is written: staging folders of the patchkit that was killed.
    drop_staged(store.tree)
    _make(store, step, state)
    return state, True


def _make(store: Store, step: Step, after: State) -> None:
    tree = dir_tree(store.tree)
    now = {path: tree.read(path) for path in step.changes}
    left: dict[PurePosixPath, File | None] = {}
    for path, file in step.changes.items():
        wanted = None if file is None else file.data
        if now[path] == wanted and (file is None or tree.mode(path) is file.mode):
            continue
        if now[path] != wanted and digest(now[path]) != step.before.get(path):
            raise HostError(
                f"{store.tree / path}: was being written when patchkit was stopped, and was "
                "changed since; put it back, or forget the stack: 'patchkit apply --quit'"
            )
        left[path] = file
    if left:
        write_changes(store.tree, left, now)
    if step.heads[1]:
        move_branch(store.tree, step.heads, step.shown)
    if after.done and after.stop is None:
        store.forget()
    else:
        store.save(after)


def _compare(store: Store, step: Step) -> None:
    tree = dir_tree(store.tree)
    for path, expected in step.before.items():
        if digest(tree.read(path)) != expected:
            raise HostError(
                f"{store.tree / path}: changed while patchkit worked; nothing was written, "
                "run it again"
            )
