"""Commits made as a stream are those that ``git commit-tree`` would make, to the last bit."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path, PurePosixPath

import pytest

from patchkit.snapshots.commit_stream import Commit
from patchkit.snapshots.dir_tree import dir_tree
from patchkit.snapshots.git_commit import commit_changes
from patchkit.tree.base import Mode
from patchkit.tree.overlay import Changes, File
from tests.support.git import commit, git

P = PurePosixPath
WHEN = "2004-12-24T12:00:00+00:00"


@pytest.fixture
def linux(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "Grace")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "grace@example.org")
        monkeypatch.setenv(f"GIT_{role}_DATE", WHEN)
    commit(tmp_path / "linux", {"a": b"one\n", "sub/b": b"two\n"}, tag="base")
    return tmp_path / "linux"


def add(linux: Path, *commits: Commit) -> None:
    changes = {path: file for one in commits for path, file in one.changes.items()}
    disk = dir_tree(linux)
    commit_changes(linux, commits, changes, {path: disk.read(path) for path in changes})


def by_commit_tree(linux: Path, one: Commit) -> str:
    env = dict(os.environ)
    if one.author[0]:
        env |= {"GIT_AUTHOR_NAME": one.author[0], "GIT_AUTHOR_EMAIL": one.author[1] or "unknown"}
    if one.date:
        env["GIT_AUTHOR_DATE"] = one.date
    command = ("git", "-C", linux, "commit-tree", "HEAD^{tree}", "-p", "base", "-F", "-")
    text = one.text().encode("utf-8", "replace") + b"\n"
    return (
        subprocess.run(command, input=text, env=env, check=True, capture_output=True)
        .stdout.decode()
        .strip()
    )


@pytest.mark.parametrize(
    ("author", "date"),
    [
        (("", ""), ""),
        (("Ada", "ada@example.org"), "2002-10-14T12:00:00+02:00"),
        (("Ada", ""), "2002-10-14T12:00:00-03:30"),
        (('"Ada L." ', " <ada@example.org>"), ""),
        (("A <b> d\na", "ada@ex<ample.org"), "1999-12-31T23:59:59+00:00"),
        (("Löwe, Ada.", "ada@example.org"), "2030-01-01T00:00:00+00:00"),
        (("", "nobody@example.org"), "2002-10-14T12:00:00-05:00"),
    ],
)
def test_the_commit_is_the_one_of_commit_tree(
    linux: Path, author: tuple[str, str], date: str
) -> None:
    one = Commit("lamp: ünder", "Why.\n\nMore.", (), {P("a"): File(b"ONE\n")}, author, date)
    add(linux, one)
    assert git(linux, "rev-parse", "HEAD") == by_commit_tree(linux, one)


def test_what_git_would_refuse_is_kept_out(linux: Path) -> None:
    changes: Changes = {P("a"): File(b"ONE\n")}
    add(linux, Commit("a\0b", "", (), changes, (' "." ', "..."), "1904-01-01T00:00:00+00:00"))
    assert git(linux, "log", "-1", "--format=%an <%ae> %at %s") == "unknown <unknown> 1103889600 ab"
    assert not list((linux / ".git").glob("fast_import_crash*"))


def test_many_commits_leave_no_name_behind(linux: Path) -> None:
    names = ('say "hi"', "back\\slash", "löwe", "sub/b/c")
    steps: list[Changes] = [{P("sub/b"): None}]
    steps += [{P(name): File(name.encode(), Mode.EXECUTABLE)} for name in names]
    steps += [{P("count"): File(b"%d\n" % number)} for number in range(150)]
    add(linux, *(Commit(f"step {n}", "", (), step) for n, step in enumerate(steps)))
    assert git(linux, "rev-list", "--count", "base..HEAD") == str(len(steps))
    listing = git(linux, "ls-tree", "-r", "-z", "--name-only", "HEAD").split("\0")
    assert {*names, "a", "count"} == {name for name in listing if name}
    assert git(linux, "status", "--porcelain") == ""
    assert "patchkit" not in git(linux, "for-each-ref")
    git(linux, "fsck", "--strict")
