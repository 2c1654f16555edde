"""Snapshots as lines for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from patchkit.flows.kernels.fetch_snapshot import Fetched
from patchkit.flows.kernels.list_snapshots import Listed
from patchkit.snapshots.cache import Snapshot

PINS = {"matches": "as pinned", "differs": "differs from its pin", "none": "not pinned"}


def fetched(result: Fetched) -> str:
    """What one fetch did."""
    snapshot = result.snapshot
    how = "fetched" if result.new else "already in the cache, fetched"
    return (
        f"{snapshot.version}: {how} from {_source(snapshot)}: {snapshot.files} files, "
        f"{PINS[snapshot.pin]}, identity {snapshot.identity[:16]}"
    )


def listed(snapshots: Sequence[Listed]) -> str:
    """A line for each snapshot, and one for each file that was changed since."""
    return "\n".join(line for one in snapshots for line in _lines(one))


def _lines(one: Listed) -> Iterator[str]:
    snapshot = one.snapshot
    verified = ""
    if one.changed is not None:
        verified = f", {len(one.changed)} changed since" if one.changed else ", verified"
    yield (
        f"{snapshot.version:20} {snapshot.files:6} files  {snapshot.kind:8} "
        f"{PINS[snapshot.pin]}{verified}  {_source(snapshot)}"
    )
    for difference in one.changed or ():
        # A name need not be text.
        path = difference.path.encode(errors="backslashreplace").decode()
        yield f"  {path}: {difference.how}"


def _source(snapshot: Snapshot) -> str:
    return f"{snapshot.source}{f' ({snapshot.commit[:12]})' if snapshot.commit else ''}"
