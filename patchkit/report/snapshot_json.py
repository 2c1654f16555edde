"""Snapshots as JSON; docs/snapshots.md describes it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from patchkit.flows.kernels.fetch_snapshot import Fetched
from patchkit.flows.kernels.list_snapshots import Listed
from patchkit.snapshots.cache import Snapshot


def fetched(result: Fetched) -> str:
    """``patchkit.fetch/1``."""
    return _dump(
        {
            "schema": "patchkit.fetch/1",
            "snapshot": _snapshot(result.snapshot),
            "new": result.new,
            "warnings": list(result.warnings),
        }
    )


def listed(snapshots: Sequence[Listed]) -> str:
    """``patchkit.snapshots/1``."""
    return _dump(
        {"schema": "patchkit.snapshots/1", "snapshots": [_listed(one) for one in snapshots]}
    )


def _listed(one: Listed) -> dict[str, Any]:
    changed = one.changed
    return {
        **_snapshot(one.snapshot),
        "changed": None if changed is None else [difference._asdict() for difference in changed],
    }


def _snapshot(snapshot: Snapshot) -> dict[str, Any]:
    tarballs = [{"file": name, "sha256": sha256} for name, sha256 in snapshot.tarballs]
    return {**asdict(snapshot), "tarballs": tarballs}


def _dump(fields: dict[str, Any]) -> str:
    return json.dumps(fields, indent=2)
