"""The cache of audits: taken where every byte is the same, never where one differs."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

from patchkit.csource import unit as reading
from patchkit.flows.audit import audit_tree as judging
from patchkit.flows.audit.cached_audit import cached_audit
from patchkit.flows.audit.kept_units import KeptUnits
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


def test_facts_of_files_that_did_not_change_are_taken_from_before(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = b"int f(void)\n{\n\treturn g(1);\n}\n"
    first = KeptUnits()
    unit = first(PurePosixPath("a.c"), source, {})
    body = unit.body(unit.by_name[b"f"])
    first.keep()
    monkeypatch.setattr(reading, "body_facts", None)  # would fail if it were called
    again = KeptUnits()(PurePosixPath("elsewhere/b.c"), source, {})
    assert again.body(again.by_name[b"f"]) == body
    other = KeptUnits()(PurePosixPath("a.c"), source, {b"LINUX_VERSION_CODE": 1})
    with pytest.raises(TypeError):
        other.body(other.by_name[b"f"])


def test_several_processes_audit_with_one_cache(folder: Path) -> None:
    (folder / "net").mkdir()
    (folder / "net" / "b.c").write_text("void h(void)\n{\n\tmem_map_reserve(p);\n}\n")
    alone = cached_audit(dir_tree(folder), ALL)
    (cache_folder() / "audits.sqlite").unlink()
    (cache_folder() / "facts.sqlite").unlink()
    assert cached_audit(dir_tree(folder), ALL, jobs=2) == alone
    assert cached_audit(dir_tree(folder), ALL, jobs=2) == alone


def test_a_damaged_cache_of_facts_costs_only_time(folder: Path) -> None:
    first = cached_audit(dir_tree(folder), ALL)
    (cache_folder() / "audits.sqlite").unlink()
    (cache_folder() / "facts.sqlite").write_bytes(b"no database" * 1000)
    assert cached_audit(dir_tree(folder), ALL) == first
