"""What a series changes, onto the disk: into the tree itself, or as a new one."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from patchkit.patch.diff import change_between
from patchkit.patch.render import file_bytes
from patchkit.port.outcome import SeriesReport
from patchkit.snapshots.write import write_changes, write_tree
from patchkit.tree.base import Tree
from patchkit.tree.overlay import Overlay
from patchkit.tree.recorded import Recorded


def write_into(folder: Path, tree: Recorded, report: SeriesReport) -> None:
    """Write the changes of *report* into *folder*, which *tree* was read from.

    Raises:
        HostError: a file changed since, another patchkit writes there, or the disk refuses;
            nothing was written.
    """
    write_changes(folder, report.changes, expected(tree, report))


def expected(tree: Recorded, report: SeriesReport) -> Mapping[PurePosixPath, bytes | None]:
    """What the files that *report* rests on must still be when it is written."""
    for path in report.changes:
        tree.read(path)
    return tree.seen


def write_beside(folder: Path, tree: Tree, report: SeriesReport) -> None:
    """Write all of *tree*, patched, into the new *folder*.

    Raises:
        InputError: *folder* has something in it.
        HostError: the disk refuses; *folder* is as it was.
    """
    write_tree(Overlay(tree, report.changes), folder)


def as_diff(tree: Tree, report: SeriesReport) -> bytes:
    """The changes of *report* as one diff against *tree*."""
    parts = []
    for path, file in sorted(report.changes.items()):
        old, mode = tree.read(path), tree.mode(path)
        new = None if file is None else file.data
        modes = (
            mode.value if mode is not None else None,
            file.mode.value if file is not None else None,
        )
        if old != new or (new is not None and modes[0] != modes[1]):
            parts.append(file_bytes(change_between(path, old, new, modes=modes)))
    return b"".join(parts)
