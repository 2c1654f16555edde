"""A series and what became of it → each hunk as it was sent beside what the tree has for it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import NamedTuple

from patchkit.flows.intake.extract_mail import Extracted
from patchkit.patch.diff import change_between
from patchkit.patch.model import Hunk
from patchkit.patch.render import hunk_bytes
from patchkit.port.ladder.explain import candidate
from patchkit.port.ladder.place import Sought
from patchkit.port.outcome import HunkReport, Outcome, PatchReport, SeriesReport
from patchkit.port.text import Text
from patchkit.tree.base import Tree
from patchkit.tree.overlay import Overlay

# what was put in since stands between the lines of a refused hunk
AROUND = 5


class Evidence(NamedTuple):
    """A hunk as sent, with its head line, and as landed; texts are Latin-1, which keeps bytes.

    ``landed`` is a diff of the file for a hunk that was applied, the file's own lines for one that
    was there already, and for one that was refused those where most of its context is; empty where
    none is.
    """

    patch: int
    path: str
    number: int
    sent: str
    landed: str


def evidence(
    extracted: Sequence[Extracted], report: SeriesReport, tree: Tree
) -> tuple[Evidence, ...]:
    """The evidence for every hunk of *report*, in its order; *tree* is as it was before."""
    before = Overlay(tree)
    left = list(extracted)
    found: list[Evidence] = []
    for index, (patch, changes) in enumerate(zip(report.patches, report.steps, strict=True), 1):
        after = before.with_changes(changes)
        # two bare diffs have the same head
        sent = next(one for one in left if _is_of(one, patch))
        left.remove(sent)
        for change, file in zip(sent.patch.files, patch.files, strict=False):
            old, new = before.read(file.path) or b"", after.read(file.path) or b""
            for hunk, outcome in zip(change.hunks, file.hunks, strict=False):
                landed = _landed(hunk, outcome, file.path, old, new)
                text = hunk_bytes(hunk).decode("latin-1")
                found.append(Evidence(index, str(file.path), outcome.number, text, landed))
        before = after
    return tuple(found)


def _is_of(sent: Extracted, patch: PatchReport) -> bool:
    return (sent.message.source, sent.patch.head) == (patch.source, patch.head)


def _landed(hunk: Hunk, report: HunkReport, path: PurePosixPath, old: bytes, new: bytes) -> str:
    if report.outcome is Outcome.CONFLICT:
        return _nearest(hunk, old)
    if report.line is None:
        return ""
    first = report.line
    if report.outcome is Outcome.ALREADY:
        there = old.decode("latin-1").split("\n")[first - 1 : first - 1 + len(hunk.new)]
        return "".join(f" {line}\n" for line in there)
    last = first + max(1, len(hunk.old))
    touching = (
        hunk_bytes(part).decode("latin-1")
        for part in change_between(path, old, new).hunks
        if part.old_start <= last and part.old_start + len(part.old) >= first
    )
    return "".join(touching)


def _nearest(hunk: Hunk, old: bytes) -> str:
    stated = max(0, hunk.old_start - 1)
    text = Text(old)
    at = candidate(Sought(hunk, text, stated, stated, stated, 0))
    if at is None:
        return ""
    first = max(0, at)
    lines = text.lines[first : first + len(hunk.old) + AROUND]
    return f"@@ line {first + 1} @@\n" + "".join(f" {line.decode('latin-1')}\n" for line in lines)
