"""What can't be used gets one line on standard error and exit 2, and the tree is as it was."""

from __future__ import annotations

import fcntl
import gzip
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

TOP = Path(__file__).parent.parent
LINES = b"one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\n"


def change(path: str) -> bytes:
    """A diff that fits dir/a.c, said to be of *path*."""
    return f"--- {path}\n+++ {path}\n@@ -1,2 +1,2 @@\n-one\n+ONE\n two\n".encode()


SQUEEZED = gzip.compress(change("a/dir/a.c"))
UNUSABLE = {
    "empty": b"",
    "only blank lines": b"\n \n\t\n",
    "binary": bytes(range(256)) * 8,
    "a mail without a diff": b"From: a@example.org\nSubject: hello\n\nNo patch here.\n",
    "an absolute path": change("/etc/passwd"),
    "a path that leaves the tree": change("a/../../outside.c"),
    "a path with dots in its middle": change("a/dir/../dir/a.c"),
    "through a symlink out of the tree": change("a/link/outside.c"),
    "a path into git's own folder": (
        b"diff --git a/.git/hooks/post-checkout b/.git/hooks/post-checkout\n"
        b"new file mode 100755\n--- /dev/null\n+++ b/.git/hooks/post-checkout\n"
        b"@@ -0,0 +1 @@\n+#!/bin/sh\n"
    ),
    "a truncated gzip": SQUEEZED[: len(SQUEEZED) // 2],
    "a hunk without lines": b"--- a/dir/a.c\n+++ b/dir/a.c\n@@ -1,2 +1,2 @@\n",
    "a binary change": b"diff --git a/x b/x\nBinary files a/x and b/x differ\n",
    "a symlink that points out of the tree": (
        b"diff --git a/new b/new\nnew file mode 120000\n--- /dev/null\n+++ b/new\n"
        b"@@ -0,0 +1 @@\n+../outside.c\n\\ No newline at end of file\n"
    ),
    "a mode that is a folder's": b"diff --git a/new b/new\nnew file mode 040000\n",
    "a mode that is a submodule's": b"diff --git a/new b/new\nnew file mode 160000\n",
    "a mode of a device": b"diff --git a/dir/a.c b/dir/a.c\nold mode 100644\nnew mode 060644\n",
    "a first line without an end": b"diff --git a/" + b" x" * 9999 + b"\nnew mode 100755\n",
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "outside.c").write_bytes(LINES)
    folder = tmp_path / "linux"
    (folder / "dir").mkdir(parents=True)
    (folder / "dir" / "a.c").write_bytes(LINES)
    (folder / "link").symlink_to("..")
    return folder


def contents(folder: Path) -> dict[str, bytes | str]:
    return dict(_contents(folder))


def _contents(folder: Path) -> Iterator[tuple[str, bytes | str]]:
    for path in folder.rglob("*"):
        if path.is_symlink():
            yield str(path), str(path.readlink())
        elif path.is_file():
            yield str(path), path.read_bytes()


def apply(tree: Path, patch: bytes, *options: str) -> subprocess.CompletedProcess[str]:
    given = tree.parent / "given"
    given.write_bytes(patch)
    return subprocess.run(
        [sys.executable, "-m", "patchkit", "apply", str(given), "--tree", str(tree), *options],
        cwd=TOP,
        capture_output=True,
        text=True,
        check=False,
    )


def refused(done: subprocess.CompletedProcess[str]) -> str:
    """The one line that says why."""
    assert done.returncode == 2, done.stdout + done.stderr
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.startswith("patchkit: ")
    return line


@pytest.mark.parametrize("patch", UNUSABLE.values(), ids=list(UNUSABLE))
def test_it_is_refused_in_one_line(patch: bytes, tree: Path) -> None:
    before = contents(tree.parent)
    refused(apply(tree, patch))
    (tree.parent / "given").unlink()
    assert contents(tree.parent) == before


@pytest.mark.parametrize("option", ["--check", "--diff"])
def test_a_symlink_out_of_the_tree_is_not_even_shown(option: str, tree: Path) -> None:
    link = UNUSABLE["a symlink that points out of the tree"]
    assert "a symlink to ../outside.c" in refused(apply(tree, link, option))


HEAD = b"From: A <a@example.org>\nSubject: [PATCH] a\n\nSome words,\n\nand more.\n---\n"


@pytest.mark.parametrize(
    "diff",
    [
        change("a/../outside.c"),
        b"diff --git a/x b/x\nnew file mode 040000\n",
        b"diff --git a/x b/x\nBinary files a/x and b/x differ\n",
        b"diff --git a/x\nnew file mode 100644\n",
        b"diff --git a/x b/x\nrename from ../x\nrename to y\n",
    ],
)
def test_the_line_that_is_named_is_the_mails(diff: bytes, tree: Path) -> None:
    assert f"{tree.parent / 'given'}:8: " in refused(apply(tree, HEAD + diff))


def test_the_quiet_twin_applies(tree: Path) -> None:
    assert apply(tree, change("a/dir/a.c")).returncode == 0
    assert (tree / "dir" / "a.c").read_bytes() == LINES.replace(b"one", b"ONE")


@pytest.mark.parametrize(
    "option", [("--partial",), ("--output", "out"), ("--commit",), ("--reverse",)]
)
def test_no_option_lets_a_path_escape(option: tuple[str, ...], tree: Path) -> None:
    before = contents(tree)
    refused(apply(tree, change("a/../../outside.c"), *option))
    assert contents(tree) == before
    assert (tree.parent / "outside.c").read_bytes() == LINES
    assert not (TOP / "out").exists()


def test_overlapping_hunks_are_refused(tree: Path) -> None:
    first = b"@@ -1,4 +1,4 @@\n one\n-two\n+TWO\n three\n four\n"
    second = b"@@ -3,4 +3,4 @@\n three\n-four\n+FOUR\n five\n six\n"
    before = contents(tree)
    refused(apply(tree, b"--- a/dir/a.c\n+++ b/dir/a.c\n" + first + second))
    assert contents(tree) == before


def test_a_second_patchkit_at_work_on_the_tree_is_told(tree: Path) -> None:
    handle = os.open(tree, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        assert "another patchkit" in refused(apply(tree, change("a/dir/a.c")))
    finally:
        os.close(handle)
    assert (tree / "dir" / "a.c").read_bytes() == LINES


def test_a_tree_that_cannot_be_written_stays_as_it_was(tree: Path) -> None:
    (tree / "dir").chmod(0o555)
    try:
        if os.access(tree / "dir", os.W_OK):
            pytest.skip("this user may write anywhere (root)")
        assert "can't be written" in refused(apply(tree, change("a/dir/a.c")))
        assert (tree / "dir" / "a.c").read_bytes() == LINES
    finally:
        (tree / "dir").chmod(0o755)


def test_a_folder_that_is_no_folder_is_refused(tree: Path) -> None:
    refused(apply(tree / "nowhere", change("a/dir/a.c")))


def test_a_change_of_everything_but_text_works_there_and_back(tree: Path) -> None:
    """Created and executable, renamed and edited, deleted, without a last newline."""
    (tree / "last").write_bytes(b"no newline")
    before = contents(tree)
    patch = b"""diff --git a/new b/new
new file mode 100755
--- /dev/null
+++ b/new
@@ -0,0 +1 @@
+text
\\ No newline at end of file
diff --git a/dir/a.c b/moved/b.c
similarity index 80%
rename from dir/a.c
rename to moved/b.c
--- a/dir/a.c
+++ b/moved/b.c
@@ -1,2 +1,2 @@
-one
+ONE
 two
diff --git a/last b/last
deleted file mode 100644
--- a/last
+++ /dev/null
@@ -1 +0,0 @@
-no newline
\\ No newline at end of file
"""
    assert apply(tree, patch).returncode == 0
    assert (tree / "new").read_bytes() == b"text"
    assert (tree / "new").stat().st_mode & 0o111
    assert (tree / "moved" / "b.c").read_bytes() == LINES.replace(b"one", b"ONE")
    assert not (tree / "dir" / "a.c").exists()
    assert not (tree / "last").exists()
    assert apply(tree, patch, "--reverse").returncode == 0
    assert contents(tree) == before
