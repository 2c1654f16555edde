"""The cache, and what is shipped, as a list."""

from __future__ import annotations

from dataclasses import dataclass

from patchkit.snapshots.cache import Snapshot, all_cached
from patchkit.snapshots.manifest import Difference, contents
from patchkit.snapshots.open import MINIATURE, open_snapshot
from patchkit.snapshots.verify import changed_since


@dataclass(frozen=True, slots=True)
class Listed:
    """A snapshot; ``changed`` are the files that are not what was fetched, None if nobody
    looked."""

    snapshot: Snapshot
    changed: tuple[Difference, ...] | None = None


def list_snapshots(*, verify: bool) -> tuple[Listed, ...]:
    """Every snapshot that there is, the shipped one first; with *verify* all files are read.

    Raises:
        HostError: the cache can't be read.
    """
    fetched = (
        Listed(snapshot, changed_since(snapshot) if verify else None) for snapshot in all_cached()
    )
    return (Listed(_miniature()), *fetched)


def _miniature() -> Snapshot:
    tree = open_snapshot(MINIATURE)
    found = contents(tree)
    return Snapshot(
        version=MINIATURE,
        kind="shipped",
        source="patchkit",
        identity=found.identity,
        files=len(found.manifest),
        pin="none",
    )
