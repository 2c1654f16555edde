"""A stack that is killed at any moment: what comes out in the end is what comes out without."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.stack.stacks import (
    BASE,
    RESOLVED,
    THREE,
    TOP,
    content,
    git_target,
    patchkit,
    plain_target,
    stack_mbox,
)
from tests.support.git import git

# Python reports every change to the disk, and every program that it starts, to an audit hook; the
# process kills itself at the nth.
KILLED = """
import os, signal, sys
left = int(sys.argv.pop(1))
def watch(event, arguments):
    global left
    changes = event in ("os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link",
                        "subprocess.Popen", "os.truncate", "os.chmod", "shutil.rmtree")
    if changes or (event == "open" and isinstance(arguments[2], int) and arguments[2] & os.O_CREAT):
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(watch)
from patchkit.__main__ import main
main()
"""
MOST = 400


def killed_at(number: int, *arguments: str | Path) -> bool:
    """Run patchkit, and kill it at its *number*th change to the disk; False if it ended before."""
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(number), *map(str, arguments)],
        cwd=TOP,
        capture_output=True,
        check=False,
    )
    return done.returncode == -signal.SIGKILL


def moments(step: int) -> range:
    return range(1, MOST, step)


@pytest.mark.parametrize("committed", [False, True], ids=["plain", "git"])
def test_a_start_that_is_killed_is_made_up_for(tmp_path: Path, committed: bool) -> None:
    mbox = stack_mbox(tmp_path)
    make = git_target if committed else plain_target
    # What one run resolves is not to be known to the next.
    ways = ("--markers", "--no-memory", *(("--commit",) if committed else ()))
    for moment in moments(16 if committed else 7):
        tree = make(tmp_path / f"at{moment}")
        if not killed_at(moment, "apply", mbox, "--tree", tree, *ways):
            break
        again = patchkit("apply", "--continue", "--tree", tree)
        if "no stack of patches is under way" in again.stderr:
            again = patchkit("apply", mbox, "--tree", tree, *ways)
        # Killed once all was done: what there is to say is that nothing was resolved yet.
        waits = "stopped at patch 2 of 3" in again.stdout or "nothing was resolved" in again.stderr
        assert waits, (moment, again.stderr)
        (tree / "mm/a.c").write_bytes(RESOLVED)
        last = patchkit("apply", "--continue", "--tree", tree)
        assert last.returncode == 0, (moment, last.stderr)
        assert content(tree) == {**THREE, "mm/a.c": RESOLVED}, moment
        if committed:
            assert git(tree, "log", "--format=%s").split() == [
                "patch-3",
                "patch-2",
                "patch-1",
                "target",
            ]
            assert git(tree, "status", "--porcelain") == ""
    else:
        pytest.fail("it never ended by itself")
    assert moment > 10, "it was hardly killed at all"


def test_a_commit_that_is_killed_is_made_up_for(tmp_path: Path) -> None:
    mbox = stack_mbox(tmp_path)
    for moment in moments(8):
        tree = git_target(tmp_path / f"at{moment}", BASE)
        killed = killed_at(moment, "apply", mbox, "--tree", tree, "--commit")
        again = patchkit("apply", "--continue", "--tree", tree)
        if "no stack of patches is under way" in again.stderr:
            again = patchkit("apply", mbox, "--tree", tree, "--commit")
        assert again.returncode == 0, (moment, again.stderr)
        assert content(tree) == THREE, moment
        subjects = git(tree, "log", "--format=%s").split()
        assert subjects == ["patch-3", "patch-2", "patch-1", "target"], moment
        assert git(tree, "status", "--porcelain") == "", moment
        (tree / "mm/new.c").write_bytes(b"more\n")
        git(tree, "commit", "-qam", "on")  # no lock is left
        if not killed:
            break
    else:
        pytest.fail("it never ended by itself")
    assert moment > 10, "it was hardly killed at all"


def whole(folder: Path, mbox: Path, way: str) -> dict[str, bytes]:
    """What comes of *way* where nothing is killed."""
    tree = stopped(folder / "whole" / "linux", mbox, way)
    assert patchkit("apply", way, "--tree", tree).returncode == 0
    return content(tree)


def stopped(tree: Path, mbox: Path, way: str) -> Path:
    """A tree with the stack stopped at patch 2, and resolved where *way* wants that."""
    patchkit("apply", "--quit", "--tree", tree)  # the state goes by the tree's path
    shutil.rmtree(tree.parent, ignore_errors=True)
    plain_target(tree.parent)
    patchkit("apply", mbox, "--tree", tree, "--reject", "--no-memory")
    if way == "--continue":
        (tree / "mm/a.c").write_bytes(RESOLVED)
    return tree


@pytest.mark.parametrize("way", ["--continue", "--skip", "--abort"])
def test_going_on_that_is_killed_is_made_up_for(tmp_path: Path, way: str) -> None:
    mbox = stack_mbox(tmp_path)
    expected: dict[str, bytes] = {}
    for moment in moments(9):
        tree = stopped(tmp_path / "tree" / "linux", mbox, way)
        killed = killed_at(moment, "apply", way, "--tree", tree)
        again = patchkit("apply", way, "--tree", tree)
        assert again.returncode == 0 or "no stack of patches is under way" in again.stderr, moment
        expected = expected or whole(tmp_path, mbox, way)
        assert content(tree) == expected, moment
        if not killed:
            break
    else:
        pytest.fail("it never ended by itself")
    assert moment > 10, "it was hardly killed at all"
