"""The cache of audits: taken where every byte is the same, never where one differs."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

from patchkit.flows import audit_tree as judging
from patchkit.flows.cached_audit import cached_audit
from patchkit.host.places import cache_folder
from patchkit.snapshots.dir_tree import dir_tree

ALL = [PurePosixPath(".")]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "drivers").mkdir()
    (tmp_path / "drivers" / "a.c").write_text("void f(void)\n{\n\tmem_map_reserve(p);\n}\n")
    return tmp_path


def test_the_same_bytes_are_not_judged_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = cached_audit(dir_tree(folder), ALL)
    monkeypatch.setattr(judging, "audit_tree", None)  # would fail if it were called
    assert cached_audit(dir_tree(folder), ALL) == first


@pytest.mark.parametrize("change", ["edit", "add", "remove"])
def test_a_change_is_judged_again(folder: Path, change: str) -> None:
    before = cached_audit(dir_tree(folder), ALL)
    source = folder / "drivers" / "a.c"
    if change == "edit":
        source.write_text(source.read_text().replace("p", "q") + "/* PG_reserved */")
    elif change == "add":
        (folder / "drivers" / "b.c").write_text("/* PG_reserved */")
    else:
        source.unlink()
        (folder / "drivers" / "b.c").write_text("")
    assert cached_audit(dir_tree(folder), ALL).sites != before.sites


def test_a_damaged_cache_costs_only_time(folder: Path) -> None:
    first = cached_audit(dir_tree(folder), ALL)
    (cache_folder() / "audits.sqlite").write_bytes(b"no database" * 1000)
    assert cached_audit(dir_tree(folder), ALL) == first
