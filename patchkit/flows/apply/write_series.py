"""A ported series, written back as patches against its target, with where each came from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from patchkit.errors import InputError
from patchkit.host.files import atomic_write
from patchkit.host.places import today
from patchkit.mail.dep3 import dep3
from patchkit.mail.written import file_name, written
from patchkit.patch.between import Side, changes_between
from patchkit.patch.model import Head, Patch
from patchkit.port.outcome import How, HunkReport, Outcome, PatchReport, SeriesReport
from patchkit.snapshots.version import makefile_version
from patchkit.tree.base import Tree
from patchkit.tree.overlay import Changes, Overlay, file_of

MBOX, QUILT = "mbox", "quilt"
# A message has room for so many hunks.
MOST_HUNKS = 30
ADAPTED = {
    How.WHITESPACE: "white space as the tree has it",
    How.DRIFT: "its context differs",
    How.MERGE: "merged three ways from its base",
    How.TOKEN: "its context was reformatted",
    How.REMEMBERED: "resolved by hand",
}


class PortedPatch(NamedTuple):
    """A patch of the new series: its file's name, and its text."""

    name: str
    text: bytes


def ported_series(report: SeriesReport, tree: Tree, form: str) -> list[PortedPatch]:
    """The patches of *report*, each against *tree* with those before it; those that are wholly
    there already are left out."""
    overlay = Overlay(tree)
    found: list[PortedPatch] = []
    for patch, changes in zip(report.patches, report.steps, strict=True):
        if changes:
            found.append(ported_patch(patch, changes, overlay, len(found) + 1, form))
        overlay = overlay.with_changes(changes)
    return found


def ported_patch(
    report: PatchReport,
    changes: Changes,
    tree: Tree,
    index: int,
    form: str,
    resolved: Sequence[PurePosixPath] = (),
) -> PortedPatch:
    """The patch of *report* as what it does to *tree*, number *index* of its series; *resolved*
    are files that a person did."""
    files = {path: (_side(tree, path), _side(Overlay(tree, changes), path)) for path in changes}
    base = makefile_version(tree.read(PurePosixPath("Makefile")) or b"")
    head = _with_provenance(report, base, resolved)
    patch = Patch(changes_between(files), head)
    name = file_name(index, head, patch.files[0].path.name if patch.files else "empty")
    if form == QUILT:
        source = f"commit {head.commit}" if head.commit else _source(report)
        text = dep3(patch, origin=f"backport, {source}", last_update=today())
        return PortedPatch(name, text)
    return PortedPatch(name, written(patch) + b"\n")


def write_series(patches: Sequence[tuple[str, bytes]], place: Path, form: str) -> None:
    """Write *patches* to *place*: one mbox, or a folder with a file for each and quilt's list.

    Raises:
        InputError: there is something else at *place*.
        HostError: the disk refuses.
    """
    check_place(place, form)
    if form == MBOX:
        atomic_write(place, b"".join(text for _, text in patches))
        return
    for name, text in patches:
        atomic_write(place / name, text)
    atomic_write(place / "series", "".join(f"{name}\n" for name, _ in patches).encode())


def check_place(place: Path, form: str) -> None:
    """Raises InputError where there is something else at *place* than a series of this form."""
    if form == MBOX and place.is_dir():
        raise InputError(f"{place}: is a folder; name a file for the mbox")
    if form == QUILT and place.exists() and not (place.is_dir() and _is_ours(place)):
        raise InputError(f"{place}: has something else in it; name a new folder for the series")


def left_out(report: SeriesReport) -> tuple[str, ...]:
    """The titles of the patches that change nothing."""
    pairs = zip(report.patches, report.steps, strict=True)
    return tuple(patch.head.subject or patch.source for patch, changes in pairs if not changes)


def _is_ours(folder: Path) -> bool:
    """Is *folder* empty, or a series that may be written again?"""
    return not any(folder.iterdir()) or (folder / "series").is_file()


def _side(tree: Tree, path: PurePosixPath) -> Side | None:
    file = file_of(tree, path)
    return None if file is None else Side(file.data, file.mode.value)


def _source(report: PatchReport) -> str:
    """What the patch was, where no commit is known."""
    if report.head.message_id:
        return f"<{report.head.message_id}>"
    return Path(report.source).name or "standard input"


def _with_provenance(report: PatchReport, base: str, resolved: Sequence[PurePosixPath]) -> Head:
    head = report.head
    lines = []
    if head.commit and head.commit not in head.message:
        lines.append(f"(cherry picked from commit {head.commit})")
    lines.append(f"[ported from {_source(report)}{f', base {base}' if base else ''}]")
    adapted = [*_adapted(report), *(f"[adapted: {path}: resolved by hand]" for path in resolved)]
    lines += adapted[:MOST_HUNKS]
    if len(adapted) > MOST_HUNKS:
        lines.append(f"[adapted: and {len(adapted) - MOST_HUNKS} more hunks]")
    return replace(head, trailers=(*head.trailers, *(("", line) for line in lines)))


def _adapted(report: PatchReport) -> Iterator[str]:
    for file in report.files:
        if file.outcome is Outcome.ALREADY:
            yield f"[left out: {file.path}: already there]"
            continue
        for hunk in file.hunks:
            yield from (f"[{said}]" for said in _said(file.path, hunk))


def _said(path: PurePosixPath, hunk: HunkReport) -> Iterator[str]:
    where = f"{path}, hunk {hunk.number}"
    if hunk.outcome is Outcome.ALREADY:
        yield f"left out: {where}: already there"
    elif hunk.how is not None and hunk.how not in (How.EXACT, How.OFFSET):
        yield f"adapted: {where}: {ADAPTED.get(hunk.how, hunk.how.value)}"
