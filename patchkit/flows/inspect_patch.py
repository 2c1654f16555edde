"""Patches → what they touch, need and are, before anything is applied."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from patchkit.errors import InputError
from patchkit.flows.apply.past import commit_of_version
from patchkit.flows.intake.extract_mail import Extracted, Refused
from patchkit.inspect.inspection import Inspection, Missing, PatchView, Symbol
from patchkit.inspect.missing import missing_files, missing_in, with_origins
from patchkit.inspect.order import Member, member, ordered
from patchkit.inspect.symbols import FileSymbols, telling_uses
from patchkit.inspect.view import PastFiles, Pasts, file_view, text_of
from patchkit.patch.identity import patch_id
from patchkit.port.outcome import FileReport
from patchkit.port.patch import port
from patchkit.snapshots.open import named_history
from patchkit.tree.base import Tree
from patchkit.tree.overlay import Overlay


@dataclass(frozen=True, slots=True)
class _Target:
    """The tree as the patches so far leave it, and the names that their lines declared."""

    tree: Overlay
    declared: frozenset[bytes] = frozenset()


def open_pasts(
    repository: Path | None, revision: str | None, tree: Tree | None, snapshot: str | None
) -> Pasts | None:
    """The history in *repository*, or in that of the user's environment; None without either.
    *tree* was taken from *revision*; where that is None, the version of the *snapshot*, or the
    tree's Makefile, may tell.

    Raises:
        InputError: no repository there, or it has no such revision.
        HostError: the history can't be read.
    """
    named = named_history(repository)
    if named is None:
        if revision is not None:
            raise InputError("--history-rev is a commit of --history REPO: name that too")
        return None
    from patchkit.snapshots.git_history import open_history, tag_of

    if revision is None and snapshot is not None:
        revision = commit_of_version(named, snapshot)
    elif revision is None and tree is not None:
        revision = tag_of(named, tree)
    opened = open_history(named, revision)
    return Pasts(opened.whole(), None if revision is None else opened)


def inspect_patches(
    extracted: Iterable[Extracted | Refused], tree: Tree | None = None, pasts: Pasts | None = None
) -> Inspection:
    """What there is to know of the patches; of their place in *tree* and in *pasts* where those
    are given. Nothing is written.

    Raises:
        InputError: a patch can't be read, or there is none.
    """
    patches = list(_readable(extracted))
    if not patches:
        raise InputError("no diff in what was given; give a mail with a patch")
    members = [member(one.patch.files) for one in patches]
    order = ordered(members)
    past = None if pasts is None else PastFiles(pasts)
    target = None if tree is None else _Target(Overlay(tree))
    views = []
    for one, of_it, depends in zip(patches, members, order.depends, strict=True):
        view, target = _view(one, of_it, target, past)
        views.append(replace(view, depends=depends))
    if pasts is not None:
        views = [replace(v, missing=with_origins(v.missing, pasts.whole)) for v in views]
    names = (tree.name if tree else None), (pasts.whole.name if pasts else None)
    return Inspection(*names, tuple(views), order.order, order.circle)


def _readable(extracted: Iterable[Extracted | Refused]) -> Iterator[Extracted]:
    for one in extracted:
        if isinstance(one, Refused):
            raise InputError(one.reason)
        yield one


def _view(
    one: Extracted, member: Member, target: _Target | None, past: PastFiles | None
) -> tuple[PatchView, _Target | None]:
    """What is known of *one*, and the target as the next patch finds it."""
    reports: Sequence[FileReport | None] = [None] * len(member.changes)
    missing: tuple[Missing, ...] = ()
    after = None
    if target is not None:
        ported = port(one.mended, target.tree)
        reports = ported.report.files
        missing = tuple(_missing(member, target, past))
        after = _Target(target.tree.with_changes(ported.changes), _declared(member, target))
    before = None if target is None else target.tree
    files = [
        file_view(change, report, before, past)
        for change, report in zip(member.changes, reports, strict=True)
    ]
    defines, removes, uses = _summed(member.symbols)
    view = PatchView(
        index=one.index,
        head=one.patch.head,
        source=one.message.source,
        patch_id=patch_id(member.changes),
        files=tuple(files),
        defines=defines,
        removes=removes,
        uses=uses,
        missing=missing,
        depends=(),
        repairs=tuple(sorted(one.mended.repairs, key=lambda repair: repair.line)),
    )
    return view, after


def _summed(found: Sequence[FileSymbols]) -> tuple[tuple[Symbol, ...], ...]:
    """What the whole patch defines, removes and uses: moved from file to file is neither."""
    defines = {one for of_file in found for one in of_file.defines}
    removes = {one for of_file in found for one in of_file.removes}
    declared = {name.decode("latin-1") for of_file in found for name in of_file.declared}
    uses = {one for of_file in found for one in telling_uses(of_file.used)}
    return (
        tuple(sorted(defines - removes)),
        tuple(sorted(removes - defines)),
        tuple(sorted(one for one in uses if one.name not in declared)),
    )


def _declared(member: Member, target: _Target) -> frozenset[bytes]:
    return target.declared.union(*(of_file.declared for of_file in member.symbols))


def _missing(member: Member, target: _Target, past: PastFiles | None) -> Iterator[Missing]:
    declared = _declared(member, target)
    used = [
        (of_file.path, Symbol(word.name.decode("latin-1"), word.kind))
        for of_file in member.symbols
        for word in of_file.used
        if word.name not in declared
    ]
    yield from missing_files(member.changes, target.tree)
    here = {change.path: text_of(change, target.tree, past) for change in member.changes}
    yield from missing_in(used, here, target.tree)
