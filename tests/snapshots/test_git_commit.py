"""Commits in the user's git tree: all of branch, index and files, or nothing; nothing is run."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

import pytest

from patchkit.errors import HostError, InputError
from patchkit.snapshots.commit_stream import Commit
from patchkit.snapshots.dir_tree import dir_tree
from patchkit.snapshots.git_commit import commit_changes
from patchkit.tree.base import Mode
from patchkit.tree.overlay import Changes, File
from tests.support.git import commit, git

P = PurePosixPath
FILES = {"Makefile": b"VERSION = 2\n", "mm/a.c": b"one\n", "mm/b.c": b"two\n", "[x].c": b"x\n"}
CHANGES: Changes = {
    P("mm/a.c"): File(b"ONE\n"),
    P("mm/b.c"): None,
    P("new.sh"): File(b"#!\n", Mode.EXECUTABLE),
}


@pytest.fixture
def linux(tmp_path: Path) -> Path:
    commit(tmp_path / "linux", FILES, tag="base")
    return tmp_path / "linux"


def expected_of(folder: Path, changes: Changes) -> Mapping[PurePosixPath, bytes | None]:
    disk = dir_tree(folder)
    return {path: disk.read(path) for path in changes}


def commit_to(folder: Path, changes: Changes = CHANGES) -> None:
    one = Commit("lamp: brighter", "Why.", (("Origin", "here"),), changes, ("Ada", "ada@a.org"))
    commit_changes(folder, [one], changes, expected_of(folder, changes))


def state(linux: Path) -> tuple[object, ...]:
    """Branch, index and files."""
    files = {
        str(path): (path.read_bytes(), stat.S_IMODE(path.stat().st_mode))
        for path in sorted(linux.rglob("*"))
        if path.is_file() and ".git" not in path.parts
    }
    index, locks = git(linux, "ls-files", "-s"), sorted((linux / ".git").rglob("*.lock"))
    return git(linux, "rev-parse", "HEAD"), index, files, locks


def test_branch_index_and_files_go_on_together(linux: Path) -> None:
    commit_to(linux)
    assert git(linux, "status", "--porcelain") == ""
    assert git(linux, "show", "-s", "--format=%an <%ae>%n%B") == (
        "Ada <ada@a.org>\nlamp: brighter\n\nWhy.\n\nOrigin: here"
    )
    changed = git(linux, "show", "--name-status", "--format=").splitlines()
    assert changed == ["M\tmm/a.c", "D\tmm/b.c", "A\tnew.sh"]
    assert git(linux, "show", "HEAD:mm/a.c") == "ONE"
    assert git(linux, "ls-tree", "HEAD", "new.sh").startswith("100755 ")


def test_what_else_is_staged_and_edited_stays_so(linux: Path) -> None:
    (linux / "Makefile").write_bytes(b"VERSION = 3\n")
    git(linux, "add", "Makefile")
    (linux / "[x].c").write_bytes(b"edited\n")
    commit_to(linux)
    assert git(linux, "status", "--porcelain") == "M  Makefile\n M [x].c"


def test_names_that_are_patterns_mean_themselves(linux: Path) -> None:
    (linux / "x.c").write_bytes(b"untracked\n")
    commit_to(linux, {P("[x].c"): File(b"X\n")})
    assert git(linux, "status", "--porcelain") == "?? x.c"


def test_a_folder_of_the_repository_is_a_tree_too(linux: Path) -> None:
    commit_to(linux / "mm", {P("a.c"): File(b"ONE\n"), P("deep/c.c"): File(b"c\n")})
    assert git(linux, "status", "--porcelain") == ""
    assert git(linux, "show", "--name-only", "--format=").splitlines() == ["mm/a.c", "mm/deep/c.c"]


def test_a_linked_work_tree_has_its_own_index(linux: Path) -> None:
    git(linux, "worktree", "add", "-q", "../second")
    before = state(linux)
    commit_to(linux.parent / "second")
    assert git(linux.parent / "second", "status", "--porcelain") == ""
    assert state(linux) == before


def spoil_edited(linux: Path) -> None:
    (linux / "mm/a.c").write_bytes(b"edited\n")


def spoil_staged(linux: Path) -> None:
    (linux / "mm/a.c").write_bytes(b"staged\n")
    git(linux, "add", "mm/a.c")
    (linux / "mm/a.c").write_bytes(b"one\n")


def spoil_untracked(linux: Path) -> None:
    (linux / "new.sh").write_bytes(b"mine\n")


def spoil_mode(linux: Path) -> None:
    (linux / "mm/a.c").chmod(0o755)


def spoil_nested(linux: Path) -> None:
    git(linux, "init", "-q", "mm")


@pytest.mark.parametrize(
    "spoil", [spoil_edited, spoil_staged, spoil_untracked, spoil_mode, spoil_nested]
)
def test_what_is_not_committed_is_never_built_on(linux: Path, spoil: object) -> None:
    assert callable(spoil)
    spoil(linux)
    before = state(linux)
    with pytest.raises(InputError):
        commit_to(linux)
    assert state(linux) == before


def test_no_repository_and_no_commit_are_input_errors(tmp_path: Path) -> None:
    (tmp_path / "plain").mkdir()
    with pytest.raises(InputError, match="in no git repository"):
        commit_to(tmp_path / "plain")
    git(tmp_path / "plain", "init", "-q")
    with pytest.raises(InputError, match="no commit to build on"):
        commit_to(tmp_path / "plain")


@pytest.mark.parametrize("lock", ["index.lock", "refs/heads/main.lock", "HEAD.lock"])
def test_where_git_is_at_work_nothing_changes(linux: Path, lock: str) -> None:
    (linux / ".git" / lock).write_bytes(b"")
    before = state(linux)
    with pytest.raises(HostError, match="nothing was changed"):
        commit_to(linux)
    assert state(linux) == before


def test_a_file_that_changes_meanwhile_undoes_all(linux: Path) -> None:
    before = state(linux)
    one = Commit("lamp", "", (), CHANGES)
    with pytest.raises(HostError, match="changed while patchkit worked"):
        commit_changes(linux, [one], CHANGES, dict.fromkeys(CHANGES, b"other"))
    assert state(linux) == before


def test_an_index_that_cannot_be_replaced_undoes_all(
    linux: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = state(linux)

    def full(_: int) -> None:
        if (linux / "new.sh").exists():  # the files are there, and the index is next
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(HostError, match="no space left"):
        commit_to(linux)
    assert state(linux) == before


SPY = '#!/bin/sh\necho "$0" >> "$SPIED"\ncat\n'
HOOKS = ("reference-transaction", "post-index-change", "pre-commit", "post-commit", "commit-msg")


@pytest.fixture
def spied(linux: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where every program that the repository names leaves a line when it runs."""
    spied = linux.parent / "spied"
    monkeypatch.setenv("SPIED", str(spied))
    for name in (*HOOKS, "monitor", "clean"):
        hook = linux / ".git" / "hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(SPY)
        hook.chmod(0o755)
    git(linux, "config", "core.fsmonitor", ".git/hooks/monitor")
    git(linux, "config", "filter.spy.clean", ".git/hooks/clean")
    (linux / ".git" / "info" / "attributes").write_text("* filter=spy\n")
    # Touched in the moment in which the index is written: git looks into such a file again.
    later = (linux / ".git" / "index").stat().st_mtime_ns + 10**9
    os.utime(linux / "mm/a.c", ns=(later, later))
    os.utime(linux / "Makefile", (1, 1))
    return spied


def test_nothing_that_the_repository_names_is_run(linux: Path, spied: Path) -> None:
    commit_to(linux)
    assert not spied.exists(), spied.read_text()


def test_the_spies_would_have_told(linux: Path, spied: Path) -> None:
    git(linux, "status")
    git(linux, "update-ref", "HEAD", "HEAD")
    told = spied.read_text()
    for name in ("reference-transaction", "post-index-change", "monitor", "clean"):
        assert f"hooks/{name}\n" in told


MAIL = b"""From: Ada <ada@example.org>
Date: Mon, 14 Oct 2002 12:00:00 +0200
Subject: [PATCH] lamp: brighter

--- a/a.c
+++ b/a.c
@@ -1 +1 @@
-one
+ONE
"""


def test_the_command_commits_in_a_folder_of_a_repository(linux: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "patchkit", "apply", "-", "--tree", str(linux / "mm"),
         "--commit", "--format", "json"],
        input=MAIL,
        cwd=Path(__file__).parent.parent.parent,
        capture_output=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["verdict"] == "applied"
    assert git(linux, "log", "-1", "--format=%an %aI %s") == (
        "Ada 2002-10-14T12:00:00+02:00 lamp: brighter"
    )
    assert git(linux, "status", "--porcelain") == ""
