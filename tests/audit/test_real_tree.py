"""The whole of 2.4.0-test10, counted by hand once."""

from __future__ import annotations

from collections import Counter
from pathlib import Path, PurePosixPath

import pytest

from patchkit.flows.audit.audit_tree import audit_tree
from patchkit.snapshots.open import HISTORY, open_tree

pytestmark = pytest.mark.history


def test_every_token_of_2_4_0_test10_is_found_in_its_role(
    history: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(HISTORY, str(history))
    tree = open_tree(tree=None, snapshot="2.4.0-test10")
    sites = audit_tree(tree, [PurePosixPath(".")]).sites
    assert Counter(site.primitive for site in sites) == {
        "mem_map_reserve": 32,
        "mem_map_unreserve": 27,
        "PG_reserved": 29,
        "SetPageReserved": 8,
        "ClearPageReserved": 39,
    }
    assert Counter(site.role.value for site in sites) == {
        "reserve": 48,
        "unreserve": 76,
        "define": 9,
        "mention": 2,
    }
    # Two calls for kernels before 2.4 in drm/memory.c, and a comment.
    assert sum(not site.live for site in sites) == 3
    assert all(site.function for site in sites if site.role in ("reserve", "unreserve"))
