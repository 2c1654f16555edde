"""Which commits the bases of patches may come from."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path, PurePosixPath

import pytest

from patchkit.errors import InputError
from patchkit.flows.apply.past import past_of
from patchkit.history.late import LateHistory
from patchkit.history.version import History
from tests.support.git import commit, git


@pytest.fixture
def linux(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("PATCHKIT_LINUX_HISTORY", raising=False)
    for tag in ("2.4.0", "2.4.1", "2.4.2"):
        commit(tmp_path / "linux", {"mm/a.c": tag.encode()}, tag=tag)
    return tmp_path / "linux"


def newest(history: History | None) -> bytes | None:
    assert history is not None
    return history.text(next(history.versions(PurePosixPath("mm/a.c"))))


def test_a_named_revision_and_a_snapshots_version_bound_it(linux: Path, tmp_path: Path) -> None:
    assert newest(past_of(tmp_path, None, repository=linux, revision="2.4.1")) == b"2.4.1"
    assert newest(past_of(tmp_path, "2.4.0", repository=linux)) == b"2.4.0"


def test_a_git_trees_own_commit_bounds_it(linux: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", str(linux), "tree")
    git(tmp_path / "tree", "checkout", "-q", "2.4.1")
    assert newest(past_of(tmp_path / "tree", None)) == b"2.4.1"
    assert newest(past_of(tmp_path / "tree", None, repository=linux)) == b"2.4.1"


def test_where_nothing_tells_it_must_be_named(linux: Path, tmp_path: Path) -> None:
    # The repository's own HEAD may be years later than the tree.
    with pytest.raises(InputError, match="--history-rev"):
        past_of(tmp_path, None, repository=linux)
    commit(tmp_path / "other", {"x": b""}, tag="1")
    with pytest.raises(InputError, match="--history-rev"):
        past_of(tmp_path / "other", None, repository=linux)


def test_a_plain_folder_without_a_repository_has_none(tmp_path: Path, linux: Path) -> None:
    assert past_of(tmp_path, None) is None


def test_a_plain_folder_has_the_past_of_the_release_that_its_makefile_names(
    linux: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATCHKIT_LINUX_HISTORY", str(linux))
    folder = tmp_path / "plain"
    folder.mkdir()
    (folder / "Makefile").write_text("VERSION = 2\nPATCHLEVEL = 4\nSUBLEVEL = 1\n")
    assert newest(past_of(folder, None)) == b"2.4.1"
    (folder / "Makefile").write_text("VERSION = 2\nPATCHLEVEL = 4\nSUBLEVEL = 99\n")
    unknown = past_of(folder, None)
    assert unknown is not None
    assert list(unknown.versions(PurePosixPath("mm/a.c"))) == []


def test_a_past_that_nobody_named_and_that_is_broken_is_none_and_says_so(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    history = past_of(tmp_path, None)
    assert isinstance(history, LateHistory)
    assert list(history.changes(PurePosixPath("mm/a.c"))) == []
    assert "not a git repository" in history.problem
    assert history.origin("0" * 40).subject == ""


OLD = b"int a;\nint b;\nint c;\nint d;\n"
PATCH = b"--- a/m/x.c\n+++ b/m/x.c\n@@ -1,4 +1,4 @@\n int a;\n int b;\n-int c;\n+int C;\n int d;\n"


def applied(folder: Path, *options: str | Path) -> subprocess.CompletedProcess[str]:
    (folder / "fix.patch").write_bytes(PATCH)
    asked = (folder / "fix.patch", "--check", *options)
    return subprocess.run(
        [sys.executable, "-m", "patchkit", "apply", *asked],
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def conflict(tmp_path: Path) -> Path:
    """A git tree at 2.4.1, in which 2.4.0's line is another; 2.4.2 came later."""
    tree = tmp_path / "linux"
    for tag, line in (("2.4.0", b"c"), ("2.4.1", b"ccc"), ("2.4.2", b"cccc")):
        commit(tree, {"m/x.c": OLD.replace(b"int c", b"int " + line)}, tag=tag)
    git(tree, "checkout", "-q", "2.4.1")
    return tree


def test_every_text_that_was_read_is_named(conflict: Path, tmp_path: Path) -> None:
    done = applied(tmp_path, "--tree", conflict, "--format", "json")
    document = json.loads(done.stdout)
    past = document["history"]
    blobs = {blob["blob"] for blob in past["blobs"] if blob["ancestors"]}
    assert blobs == {git(conflict, "rev-parse", f"{tag}:m/x.c") for tag in ("2.4.0", "2.4.1")}
    assert {blob["release"] for blob in past["blobs"]} >= {"2.4.0", "2.4.1"}
    assert past["problem"] is None
    told = applied(tmp_path, "--tree", conflict, "-v").stdout
    assert all(blob[:12] in told for blob in blobs)
    assert "read of" not in applied(tmp_path, "--tree", conflict).stdout


def test_the_base_is_told_by_its_tag_and_that_of_the_tree(conflict: Path, tmp_path: Path) -> None:
    head = git(conflict, "rev-parse", "HEAD")
    told = applied(tmp_path, "--tree", conflict, "--history", conflict, "--history-rev", head)
    assert "base: 2.4.0 commit " in told.stdout
    assert "up to 2.4.1)" in told.stdout


def test_a_history_that_failed_is_told_in_json_too(tmp_path: Path) -> None:
    (tmp_path / "t" / ".git").mkdir(parents=True)
    (tmp_path / "t" / "m").mkdir()
    (tmp_path / "t" / "m" / "x.c").write_bytes(b"int a;\nint bb;\nint cc;\nint dd;\n")
    done = applied(tmp_path, "--tree", tmp_path / "t", "--format", "json")
    past = json.loads(done.stdout)["history"]
    assert "not a git repository" in past["problem"]
    assert past["blobs"] == []
