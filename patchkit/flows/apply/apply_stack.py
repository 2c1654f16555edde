"""A stack of patches that stops where one is in conflict: start, continue, skip, abort, quit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from patchkit.errors import HostError, InputError
from patchkit.flows.apply.apply_series import in_order
from patchkit.flows.apply.carry_stack import Run, StackReport, carry_stack, differing
from patchkit.flows.apply.commit_result import commit_for
from patchkit.flows.apply.recall import learn
from patchkit.flows.apply.resolution import resolution
from patchkit.flows.apply.write_series import check_place, ported_patch
from patchkit.flows.intake.extract_mail import Extracted, Refused, extracted
from patchkit.port.outcome import PatchReport, SeriesReport
from patchkit.snapshots.dir_tree import dir_tree
from patchkit.snapshots.git_branch import branch_head
from patchkit.stack.memory import users_memory
from patchkit.stack.place import state_folder
from patchkit.stack.state import Mail, State, Step, Stop, Terms, digest
from patchkit.stack.store import Store, opened
from patchkit.stack.take import recover, take
from patchkit.tree.overlay import Overlay


def start(folder: Path, found: Iterable[Extracted | Refused], terms: Terms) -> StackReport:
    """Carry the patches *found* to the tree in *folder* up to the first in conflict.

    Raises:
        InputError: a patch can't be read, or another stack is under way there.
        HostError: git or the disk refuses.
    """
    dir_tree(folder)
    if terms.series:
        check_place(Path(terms.series), terms.form)
    with opened(folder) as store:
        store.refuse_under_way()
        patches = in_order(found, reverse=terms.reverse)
        first = branch_head(folder)
        order = tuple(range(len(patches)))
        store.save_stack(tuple(Mail(one.message, one.patch.head) for one in patches))
        return carry_stack(store, Run(State(terms, order, first=first, head=first), patches, {}))


def go_on(folder: Path) -> StackReport:
    """The tree as it stands is the user's resolution of the patch stopped at: take it, and carry
    the patches after it.

    Raises:
        InputError: no stack is under way, or nothing was resolved.
        HostError: the tree changed otherwise since, or git or the disk refuses.
    """
    with opened(folder) as store:
        state, recovered = _recovered(store)
        if state.done or (recovered and state.stop is not None):
            return _standing(store, state)
        patches = _left(store, state)
        if state.stop is None:
            return carry_stack(store, Run(state, patches, {}))
        return _resolved(store, state, state.stop, patches)


def skip(folder: Path) -> StackReport:
    """Put the files of the patch stopped at back as they were without it, and carry the patches
    after it.

    Raises:
        InputError: no stack is under way, or none is stopped at.
        HostError: the branch moved since, or git or the disk refuses.
    """
    with opened(folder) as store:
        state, _ = _recovered(store)
        if state.done or state.stop is None:
            return _standing(store, state)
        _refuse_moved(store, state)
        patches = _left(store, state)[1:]
        after = replace(state, at=state.at + 1, stop=None)
        theirs = frozenset(state.stop.left)
        return carry_stack(store, Run(after, patches, state.stop.before, theirs=theirs))


def abort(folder: Path) -> int:
    """Put the tree back as it was before the stack; how many files that took.

    Raises:
        InputError: no stack is under way.
        HostError: a file or the branch changed since, or git or the disk refuses.
    """
    with opened(folder) as store:
        state, _ = _recovered(store)
        if state.done:
            return 0
        _refuse_moved(store, state)
        tree = dir_tree(folder)
        ours = state.stop.left if state.stop is not None else {}
        before = {path: digest(tree.read(path)) for path in state.originals}
        for path, found in before.items():
            if path not in ours and found != state.left.get(path):
                raise HostError(
                    f"{folder / path}: changed since patchkit wrote it; --quit forgets the stack "
                    "and leaves the tree as it is"
                )
        originals = {**(state.stop.before if state.stop is not None else {}), **state.originals}
        changes = differing(originals, tree)
        before = {path: digest(tree.read(path)) for path in changes}
        heads = (state.head, state.first) if state.terms.commit else ("", "")
        shown = tuple(state.originals) if heads[1] else ()
        after = replace(state, at=len(state.order), stop=None)
        take(store, Step(changes, before, heads, shown), after)
        return len(changes)


def forget(folder: Path) -> None:
    """Forget the stack and leave the tree as it is.

    Raises:
        InputError: no stack is under way.
    """
    with opened(folder) as store:
        _there(store)
        store.forget()


def refuse_under_way(folder: Path) -> None:
    """Raises InputError where a stack is under way in *folder*."""
    Store(folder, state_folder(folder)).refuse_under_way()


def _there(store: Store) -> None:
    if not store.under_way:
        raise InputError(f"{store.tree}: no stack of patches is under way here")


def _recovered(store: Store) -> tuple[State, bool]:
    _there(store)
    return recover(store)


def _left(store: Store, state: State) -> list[Extracted]:
    """The patches from the one stopped at on."""
    mails = store.load_stack()
    found = []
    for index in state.order[state.at :]:
        one = extracted(mails[index].message, index + 1)
        if not isinstance(one, Extracted):
            raise HostError(f"{store.folder}: its mails can't be read again; say --abort")
        found.append(replace(one, patch=replace(one.patch, head=mails[index].head)))
    return found


def _resolved(store: Store, state: State, stop: Stop, patches: Sequence[Extracted]) -> StackReport:
    _refuse_moved(store, state)
    made = resolution(store.tree, state, stop)
    if state.terms.memory:
        learn(store.tree, stop, users_memory())
    after = replace(
        state,
        at=state.at + 1,
        stop=None,
        originals={**made.before, **state.originals},
        left={**state.left, **made.digests},
    )
    one = patches[0]
    report = PatchReport(one.patch.head, one.message.source, ())
    if state.terms.series and made.changes:
        tree = Overlay(dir_tree(store.tree), {path: made.before.get(path) for path in made.changes})
        number = len(state.ported) + 1
        form = state.terms.form
        ported = ported_patch(report, made.changes, tree, number, form, tuple(made.changes))
        after = replace(after, ported=(*state.ported, ported))
    commits = (commit_for(report, made.changes),) if state.terms.commit and made.changes else ()
    theirs = frozenset((*stop.left, *made.along))
    done = carry_stack(store, Run(after, patches[1:], made.rejects, commits, theirs))
    return replace(done, resolved=made.resolved, along=made.along)


def _standing(store: Store, state: State) -> StackReport:
    """A report of where the stack is, after a crash was made up for."""
    series = SeriesReport(str(store.tree), (), {})
    return StackReport(store.tree, series, state.at + 1, len(state.order), state.stop)


def _refuse_moved(store: Store, state: State) -> None:
    if state.terms.commit and (now := branch_head(store.tree)) != state.head:
        raise HostError(
            f"{store.tree}: the branch was at {state.head[:12]} when patchkit stopped, and is at "
            f"{now[:12]}; bring it back (git reset), or forget the stack: --quit"
        )
