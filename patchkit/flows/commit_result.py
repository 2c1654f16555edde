"""What a series changes, as commits in a git tree: one for each patch, with its author."""

from __future__ import annotations

from pathlib import Path

from patchkit.flows.write_result import expected
from patchkit.mail.date import parse_date
from patchkit.port.outcome import PatchReport, SeriesReport
from patchkit.snapshots.commit_stream import Commit
from patchkit.snapshots.git_commit import commit_changes
from patchkit.tree.overlay import Changes
from patchkit.tree.recorded import Recorded


def commit_result(folder: Path, tree: Recorded, report: SeriesReport) -> int:
    """Commit the changes of *report* in the git tree at *folder* and write them there; how many
    commits that were. Patches that change nothing get none.

    Raises:
        InputError: *folder* is no git work tree, or has changes of its own in these files.
        HostError: git or the disk refuses; branch, index and files are as they were.
    """
    commits = [
        commit_for(patch, changes)
        for patch, changes in zip(report.patches, report.steps, strict=True)
        if changes
    ]
    if commits:
        commit_changes(folder, commits, report.changes, expected(tree, report))
    return len(commits)


def commit_for(patch: PatchReport, changes: Changes) -> Commit:
    """*changes* as the commit of *patch*, with its author and where it came from."""
    head = patch.head
    origin = Path(patch.source).name
    provenance: tuple[tuple[str, str], ...] = ()
    if head.message_id:
        provenance = (("Message-ID", f"<{head.message_id}>"),)
    elif not any(key == "Origin" for key, _ in head.trailers):
        provenance = (("Origin", origin),)
    date = parse_date(head.date)
    return Commit(
        subject=head.subject or origin,
        message=head.message,
        trailers=(*head.trailers, *provenance),
        changes=changes,
        author=(head.author.name, head.author.email),
        date=date.isoformat() if date is not None else "",
    )
