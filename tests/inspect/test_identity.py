"""The patch-id is git's own."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from patchkit.patch.identity import patch_id
from patchkit.repair.mend import mend
from tests.support.git import commit, git

BEFORE = {"a.c": b"1\n2\n3\n", "b.c": b"x\n", "gone.c": b"g\n", "run.sh": b"r\n", "sp ace": b"1\n"}
AFTER = {"a.c": b"1\n2b\n3", "new.c": b"n\n\n", "b.c": b"x \n", "run.sh": b"r\n", "sp ace": b"2\n"}


def theirs(diff: bytes) -> str:
    told = subprocess.run(
        ["git", "patch-id", "--stable"], input=diff, capture_output=True, check=True
    )
    return told.stdout.split()[0].decode()


def ours(diff: bytes) -> str:
    return patch_id(file.change for file in mend(diff).files)


def diff_of(repository: Path, *options: str) -> bytes:
    return (git(repository, "diff-tree", "-p", "--no-commit-id", *options) + "\n").encode()


def test_files_of_every_kind(tmp_path: Path) -> None:
    commit(tmp_path / "r", BEFORE, tag="one")
    commit(tmp_path / "r", AFTER, tag="two")
    (tmp_path / "r/run.sh").chmod(0o755)
    git(tmp_path / "r", "commit", "-q", "--amend", "-a", "-m", "two")
    diff = diff_of(tmp_path / "r", "HEAD")
    assert b"old mode" in diff
    assert ours(diff) == theirs(diff)


def test_line_numbers_white_space_and_the_order_of_files_do_not_count() -> None:
    one = b"--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n a b\n-c\n+d\n"
    two = b"--- a/y\n+++ b/y\n@@ -1 +1 @@\n-c\n+d\n"
    moved = one.replace(b"-1,2 +1,2", b"-7,2 +9,2").replace(b"a b", b"a  b")
    assert ours(one + two) == ours(two + moved)
    assert ours(one) != ours(one.replace(b"+d", b"+e"))


def test_a_form_feed_counts() -> None:
    diff = b"diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n \f\n-c\n+\vd\n"
    assert ours(diff) == theirs(diff) != ours(diff.replace(b"\f", b"").replace(b"\v", b""))


@pytest.mark.history
def test_real_commits(history: Path) -> None:
    names = git(history, "rev-list", "--no-merges", "-n", "30", "v2.6.9").split()
    for name in names:
        diff = subprocess.run(
            ["git", "diff-tree", "-p", "--no-renames", "--no-commit-id", name],
            cwd=history, capture_output=True, check=True,
        ).stdout  # fmt: skip
        assert ours(diff) == theirs(diff), name
