"""A stack from where it is to its next stop, or to its end: onto the disk in one step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from patchkit.flows.apply.carry_patch import Carried, Means, carry
from patchkit.flows.apply.commit_result import commit_for
from patchkit.flows.apply.past import past_of
from patchkit.flows.apply.stop_at import stop_at
from patchkit.flows.apply.write_series import PortedPatch, ported_patch, write_series
from patchkit.flows.intake.extract_mail import Extracted
from patchkit.flows.intake.unnumbered import reordered
from patchkit.history.reads import Past, RecordedHistory, read_of
from patchkit.mail.series import Note
from patchkit.port.ladder.table import ADAPTING, EXACT_ONLY
from patchkit.port.needs import needs
from patchkit.port.outcome import Outcome, SeriesReport
from patchkit.snapshots.commit_stream import Commit
from patchkit.snapshots.dir_tree import dir_tree
from patchkit.snapshots.git_branch import prepare, refuse_unclean, staged_paths
from patchkit.stack.memory import users_memory
from patchkit.stack.state import State, Step, Stop, Terms, digest
from patchkit.stack.store import Store
from patchkit.stack.take import take
from patchkit.tree.base import Tree
from patchkit.tree.overlay import Changes, File, Overlay, file_of
from patchkit.tree.recorded import Recorded


@dataclass(frozen=True, slots=True)
class StackReport:
    """What one command did. ``series`` has the patches that it carried, the one that it stopped
    at last; ``first`` is the number of the first of them, of ``total``.

    ``resolved`` are files that the user resolved, ``along`` others that came with them;
    ``notes`` are on mails that are missing or were left out.
    """

    folder: Path
    series: SeriesReport
    first: int
    total: int
    stop: Stop | None = None
    commits: int = 0
    resolved: tuple[PurePosixPath, ...] = ()
    along: tuple[PurePosixPath, ...] = ()
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """Where to go on from. ``patches`` are those left, in their order. On the disk, ``base`` is to
    be changed first; ``commits`` are to come before those of the patches, and may hold the files
    of ``theirs``, which are not clean."""

    state: State
    patches: Sequence[Extracted]
    base: Changes
    commits: tuple[Commit, ...] = ()
    theirs: frozenset[PurePosixPath] = frozenset()


def carry_stack(store: Store, run: Run) -> StackReport:
    """Carry the patches left until one is in conflict, and write what landed.

    Raises:
        InputError: a patch can't be read, names a file outside the tree, or, to commit, files
            have uncommitted changes.
        HostError: git or the disk refuses.
    """
    tree = Recorded(dir_tree(store.tree))
    reach = _carried(store, run, tree)
    state, landed = reach.state, reach.landed
    overlay = Overlay(tree, {**run.base, **_sum(landed)})
    commits = [*run.commits, *(c for one in landed if (c := _commit(one, state.terms)))]
    left: Changes = {}
    stop = None
    if reach.stopped is not None:
        left, stop = stop_at(reach.stopped, overlay, state.terms)
        if state.terms.commit:
            refuse_unclean(store.tree, stop.before.keys() - run.theirs)
            stop = replace(stop, staged=staged_paths(store.tree))
    changes = differing({**overlay.changes, **left}, tree)
    step = _step(store, run, tree, changes, commits)
    after = _after(state, step, tree, stop, len(landed))
    if state.terms.series:
        ported = (*state.ported, *_ported(state, landed, Overlay(tree, run.base)))
        after = replace(after, ported=ported)
        if stop is None:
            write_series(ported, Path(state.terms.series), state.terms.form)
    take(store, step, after)
    series = _series(tree, reach, overlay)
    return StackReport(store.tree, series, state.at + 1, len(state.order), stop, len(commits))


def means_of(terms: Terms, folder: Path, first: str) -> Means:
    """How the patches of a stack are carried; its own commits, after *first*, are no past.

    Raises:
        InputError: the history that *terms* name is not there.
    """
    memory = users_memory() if terms.memory else None
    if not terms.adapt:
        return Means(terms.reverse, EXACT_ONLY, memory=memory)
    history = past_of(
        folder,
        None,
        repository=Path(terms.history) if terms.history else None,
        revision=terms.history_rev or (first if not terms.history else "") or None,
    )
    recorded = RecordedHistory(history) if history is not None else None
    return Means(terms.reverse, ADAPTING, recorded, memory)


class Reach(NamedTuple):
    """How far a stack got: the patches that ``landed``, the one that did not, and ``moved``, the
    titles of those that were put behind others. ``state`` has the order that this made, ``past``
    what was read of the history."""

    state: State
    landed: list[Carried]
    stopped: Carried | None = None
    moved: tuple[str, ...] = ()
    past: Past = Past()


def _carried(store: Store, run: Run, tree: Tree) -> Reach:
    state = run.state
    means = means_of(state.terms, store.tree, state.first)
    overlay = Overlay(tree, run.base)
    landed: list[Carried] = []
    moved: tuple[str, ...] = ()
    left = list(run.patches)
    while left:
        carried = carry(left[0], overlay, means)
        if carried.report.outcome is Outcome.CONFLICT:
            better = None if moved or means.reverse else reordered(left)
            if better is None:
                return Reach(state, landed, carried, moved, read_of(means.history))
            moved, left = (carried.title,), better
            done = state.order[: state.at + len(landed)]
            state = replace(state, order=done + tuple(one.index - 1 for one in left))
            continue
        landed.append(carried)
        overlay = overlay.with_changes(carried.changes)
        left = left[1:]
    return Reach(state, landed, None, moved, read_of(means.history))


def _ported(state: State, landed: Sequence[Carried], tree: Overlay) -> Iterator[PortedPatch]:
    """The patches of the new series that *landed* are."""
    number = len(state.ported)
    for one in landed:
        changes = one.changes
        if changes:
            number += 1
            yield ported_patch(one.report, changes, tree, number, state.terms.form)
        tree = tree.with_changes(changes)


def _sum(landed: Sequence[Carried]) -> Changes:
    return {path: file for one in landed for path, file in one.changes.items()}


def _commit(carried: Carried, terms: Terms) -> Commit | None:
    changes = carried.changes
    return commit_for(carried.report, changes) if terms.commit and changes else None


def differing(changes: Changes, tree: Tree) -> Changes:
    """Those of *changes* that make a difference to *tree*."""

    def same(path: PurePosixPath, file: File | None) -> bool:
        if file is None:
            return tree.read(path) is None
        return tree.read(path) == file.data and tree.mode(path) is file.mode

    return {path: file for path, file in changes.items() if not same(path, file)}


def _step(
    store: Store, run: Run, tree: Recorded, changes: Changes, commits: Sequence[Commit]
) -> Step:
    before = {path: digest(data) for path, data in tree.seen.items()}
    if not commits:
        return Step(changes, before)
    prepared = prepare(store.tree, commits, theirs=run.theirs)
    shown = dict.fromkeys(path for commit in commits for path in commit.changes)
    return Step(changes, before, (prepared.old, prepared.new), tuple(shown))


def _after(state: State, step: Step, tree: Tree, stop: Stop | None, landed: int) -> State:
    """The state that *step* leads to."""
    new = {path: file_of(tree, path) for path in step.changes if path not in state.originals}
    digests = {p: digest(None if f is None else f.data) for p, f in step.changes.items()}
    return replace(
        state,
        at=state.at + landed,
        stop=stop,
        originals={**state.originals, **new},
        left={**state.left, **digests},
        head=step.heads[1] or state.head,
    )


def _series(tree: Tree, reach: Reach, overlay: Overlay) -> SeriesReport:
    carried = [*reach.landed, *([reach.stopped] if reach.stopped is not None else [])]
    pairs = [pair for one in carried for pair in one.pairs()]
    return SeriesReport(
        tree.name,
        tuple(one.report for one in carried),
        overlay.changes,
        needs(pairs, overlay),
        tuple(one.changes for one in carried),
        reach.moved,
        reach.past,
    )
