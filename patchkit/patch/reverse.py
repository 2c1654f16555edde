"""The change that takes a change back."""

from __future__ import annotations

from dataclasses import replace

from patchkit.patch.model import FileChange, Hunk, Kind, Line

OTHER = {Kind.ADDED: Kind.REMOVED, Kind.REMOVED: Kind.ADDED, Kind.CONTEXT: Kind.CONTEXT}


def reversed_hunk(hunk: Hunk) -> Hunk:
    """*hunk* with its sides exchanged; removed lines stand before added ones, as diff has it."""
    lines: list[Line] = []
    group: list[Line] = []
    for line in (*hunk.lines, None):
        if line is not None and line.kind is not Kind.CONTEXT:
            group.append(replace(line, kind=OTHER[line.kind]))
            continue
        lines += sorted(group, key=lambda each: each.kind is Kind.ADDED)
        group = []
        if line is not None:
            lines.append(line)
    return replace(hunk, old_start=hunk.new_start, new_start=hunk.old_start, lines=tuple(lines))


def reversed_change(change: FileChange) -> FileChange:
    """*change* taken back; a copy is taken back by deleting it."""
    return replace(
        change,
        old_path=change.new_path,
        new_path=None if change.is_copy else change.old_path,
        old_mode=change.new_mode,
        new_mode=change.old_mode,
        hunks=tuple(reversed_hunk(hunk) for hunk in change.hunks),
        is_copy=False,
        copy_of=change.old_path if change.is_copy else None,
    )
