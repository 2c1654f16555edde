"""What a series changes, as commits in a git tree: one for each patch, with its author."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath

from patchkit.flows.apply.write_result import expected
from patchkit.mail.date import parse_date
from patchkit.port.outcome import PatchReport, SeriesReport
from patchkit.snapshots.commit_stream import Commit
from patchkit.snapshots.git_commit import commit_changes
from patchkit.stack.state import State, Step, Terms, digest
from patchkit.stack.store import Store, opened
from patchkit.tree.overlay import Changes
from patchkit.tree.recorded import Recorded

Contents = Mapping[PurePosixPath, bytes | None]


def commit_result(folder: Path, tree: Recorded, report: SeriesReport) -> int:
    """Commit the changes of *report* in the git tree at *folder* and write them there; how many
    commits that were. Patches that change nothing get none.

    Raises:
        InputError: *folder* is no git work tree, or has changes of its own in these files.
        HostError: git or the disk refuses, or another patchkit is at work there; branch, index
            and files are as they were.
    """
    commits = [
        commit_for(patch, changes)
        for patch, changes in zip(report.patches, report.steps, strict=True)
        if changes
    ]
    if commits:
        with opened(folder) as store:
            store.refuse_under_way()
            _commit(store, commits, report.changes, expected(tree, report))
    return len(commits)


def _commit(store: Store, commits: Sequence[Commit], changes: Changes, expected: Contents) -> None:
    """Commit, with a record of it while it is done, by which a crash is made up for."""
    shown = tuple(dict.fromkeys(path for commit in commits for path in commit.changes))
    order = tuple(range(len(commits)))
    digests = {path: digest(expected[path]) for path in changes}

    def record(old: str, new: str) -> None:
        after = State(Terms(commit=True), order, at=len(order), first=old, head=new)
        store.save(after, Step(changes, digests, (old, new), shown))

    try:
        commit_changes(store.tree, commits, changes, expected, before=record)
    finally:
        store.forget()


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
