"""A history that is broken or hostile: patches land or are refused as without it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.git import commit, git

OLD = b"int a;\nint b;\nint c;\nint d;\n"
NOW = b"int a;\nint bb;\nint cc;\nint dd;\n"
PATCH = b"--- a/m/x.c\n+++ b/m/x.c\n@@ -1,4 +1,4 @@\n int a;\n int b;\n-int c;\n+int C;\n int d;\n"


def without_the_old_text(linux: Path) -> None:
    name = git(linux, "rev-parse", "2.4.0:m/x.c")
    (linux / ".git" / "objects" / name[:2] / name[2:]).unlink()


def with_a_broken_old_text(linux: Path) -> None:
    name = git(linux, "rev-parse", "2.4.0:m/x.c")
    blob = linux / ".git" / "objects" / name[:2] / name[2:]
    blob.chmod(0o644)
    blob.write_bytes(b"no zlib")


def with_a_broken_graph(linux: Path) -> None:
    git(linux, "commit-graph", "write", "--reachable")
    graph = linux / ".git" / "objects" / "info" / "commit-graph"
    graph.chmod(0o644)
    graph.write_bytes(graph.read_bytes()[:40] + b"\xff" * 200)


def without_its_first_commit(linux: Path) -> None:
    name = git(linux, "rev-parse", "2.4.0")
    (linux / ".git" / "objects" / name[:2] / name[2:]).unlink()


def shallow(linux: Path) -> None:
    (linux / ".git" / "shallow").write_text(git(linux, "rev-parse", "2.4.1") + "\n")


def where_the_file_was_a_symlink(linux: Path) -> None:
    (linux / "m/x.c").unlink()
    (linux / "m/x.c").symlink_to("/etc/passwd")
    git(linux, "commit", "-q", "-a", "-m", "a link")
    (linux / "m/x.c").unlink()
    (linux / "m/x.c").write_bytes(NOW)
    git(linux, "commit", "-q", "-a", "-m", "no link")


def with_a_huge_old_text(linux: Path) -> None:
    commit(linux, {"m/x.c": OLD + b"\n" * (33 << 20)}, tag="2.4.2")
    commit(linux, {"m/x.c": NOW}, tag="2.4.3")


POISONS = (
    with_a_huge_old_text, without_the_old_text, with_a_broken_old_text, with_a_broken_graph,
    without_its_first_commit, shallow, where_the_file_was_a_symlink,
)  # fmt: skip


@pytest.mark.parametrize("poison", POISONS, ids=lambda poison: poison.__name__)
@pytest.mark.parametrize("is_named", [False, True], ids=["its own", "named"])
def test_a_poisoned_history_is_an_answer_and_never_a_traceback(
    tmp_path: Path, poison: Callable[[Path], None], is_named: bool
) -> None:
    linux = tmp_path / "linux"
    commit(linux, {"m/x.c": OLD}, tag="2.4.0")
    commit(linux, {"m/x.c": NOW}, tag="2.4.1")
    poison(linux)
    (tmp_path / "fix.patch").write_bytes(PATCH)
    named = ["--history", str(linux), "--history-rev", "HEAD"] if is_named else []
    done = subprocess.run(
        [sys.executable, "-m", "patchkit", "apply", tmp_path / "fix.patch", "--tree", linux,
         *named],
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert "Traceback" not in done.stderr
    # 2 only where the user named a history that can't be read.
    assert done.returncode in ((1, 2) if is_named else (1,)), done.stdout + done.stderr
    assert (linux / "m/x.c").read_bytes() == NOW
