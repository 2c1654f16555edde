"""Which tree a command line means."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

from patchkit.errors import InputError
from patchkit.snapshots.open import HISTORY, open_tree
from tests.support.git import commit

MAKEFILE = PurePosixPath("Makefile")


@pytest.fixture(autouse=True)
def _no_history(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(HISTORY, raising=False)


def test_neither_is_the_current_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "Makefile").write_bytes(b"here")
    monkeypatch.chdir(tmp_path)
    assert open_tree(tree=None, snapshot=None).read(MAKEFILE) == b"here"


def test_both_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="two trees"):
        open_tree(tree=tmp_path, snapshot="2.4.18")


def test_a_version_that_was_not_fetched_says_how_to_fetch_it() -> None:
    with pytest.raises(InputError, match=r"'patchkit fetch 2\.4\.0-test10-pre4'"):
        open_tree(tree=None, snapshot="2.4.0-test10pre4")


def test_a_history_repository_stands_in_for_the_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit(tmp_path / "linux", {"Makefile": b"four"}, tag="2.4.0-test10pre4")
    monkeypatch.setenv(HISTORY, str(tmp_path / "linux"))
    tree = open_tree(tree=None, snapshot="v2.4.0-test10-pre4")
    assert tree.name == "2.4.0-test10-pre4"
    assert tree.read(MAKEFILE) == b"four"
    with pytest.raises(InputError, match="not fetched yet"):
        open_tree(tree=None, snapshot="2.4.0-test10")
