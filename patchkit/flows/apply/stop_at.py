"""The patch that a stack stops at: what is left of it in the tree, for the user to resolve."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePosixPath

from patchkit.errors import InputError
from patchkit.flows.apply.carry_patch import Carried
from patchkit.flows.apply.recall import unlanded
from patchkit.port.markers import marked
from patchkit.port.outcome import Outcome
from patchkit.port.remembered import conflict_key, span
from patchkit.stack.state import Leave, Refused, Stop, Terms, digest
from patchkit.tree.base import Mode, Tree
from patchkit.tree.overlay import Changes, File, Overlay, file_of

REJECTS = ".rej"


def stop_at(carried: Carried, tree: Overlay, terms: Terms) -> tuple[Changes, Stop]:
    """What is to be written of *carried*, which is in conflict with *tree*, and what is kept of
    the stop. Nothing of the patch is written unless *terms* ask for it.

    Raises:
        InputError: there is another file where a .rej file is to go.
    """
    report = carried.report
    landed = tree.with_changes(carried.changes)
    changes: dict[PurePosixPath, File | None] = {}
    if terms.leave is not Leave.NOTHING:
        changes.update(carried.changes)
    refused = []
    for mended, file in zip(carried.files, report.files, strict=True):
        if file.outcome is not Outcome.CONFLICT and file.outcome is not Outcome.MISSING:
            continue
        path, hunks = file.path, list(unlanded(mended, file))
        text = landed.read(path)
        if text is not None and hunks:
            sent = [one.hunk for one in hunks]
            refused.append(Refused(path, conflict_key(sent), text, span(text, sent)))
        marks = terms.leave.marks and text is not None and bool(hunks) and _is_text(path, landed)
        if marks:
            label = report.head.subject or report.source
            # A patch may have two diffs of a file, both with conflicts.
            so_far = changes.get(path) or file_of(landed, path)
            assert so_far is not None
            changes[path] = replace(so_far, data=marked(so_far.data, hunks, label))
        if file.rejects and (terms.leave.rejects or (terms.leave.marks and not marks)):
            rejects = path.with_name(path.name + REJECTS)
            if landed.read(rejects) is not None:
                raise InputError(
                    f"{rejects}: is there already; move it away, or leave out --reject"
                )
            others = changes.get(rejects)
            changes[rejects] = File((others.data if others else b"") + file.rejects)
    named = {*changes, *carried.changes, *(file.path for file in report.files)}
    before = {path: file_of(tree, path) for path in sorted(named)}
    after = tree.with_changes(changes)
    left = {path: digest(after.read(path)) for path in before}
    return changes, Stop(before, left, tuple(refused))


def _is_text(path: PurePosixPath, tree: Tree) -> bool:
    return tree.mode(path) is not Mode.LINK and b"\0" not in (tree.read(path) or b"")
