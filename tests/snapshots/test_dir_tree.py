"""A folder as a Tree: what it holds, and what is out of its reach."""

from __future__ import annotations

import inspect
import os
import sys
from pathlib import Path, PurePosixPath

import pytest

from patchkit.errors import InputError
from patchkit.snapshots.dir_tree import DirTree, dir_tree
from patchkit.tree.base import Mode

P = PurePosixPath
# Not so deep that the clean-up after the test would need a deep stack.
DEEP = P("d/" * 200)


@pytest.fixture
def tree(tmp_path: Path) -> DirTree:
    (tmp_path / "secret").write_bytes(b"outside")
    root = tmp_path / "linux"
    (root / "drivers/char").mkdir(parents=True)
    (root / ".git").mkdir()
    (root / ".git/config").write_bytes(b"[core]")
    (root / "Makefile").write_bytes(b"VERSION = 2\n")
    (root / "drivers/char/mem.c").write_bytes(b"int x;\r\n\xff")
    (root / "drivers.h").write_bytes(b"")
    (root / "run.sh").write_bytes(b"#!/bin/sh\n")
    (root / "run.sh").chmod(0o755)
    (root / "link").symlink_to("Makefile")
    (root / "away").symlink_to("../secret")
    (root / "outside").symlink_to("..")
    (root / "inside").symlink_to("drivers")
    os.mkfifo(root / "pipe")
    return dir_tree(root)


def test_paths_are_sorted_leaves_without_git(tree: DirTree) -> None:
    found = list(tree.paths())
    assert found == sorted(found)
    assert [str(path) for path in found] == [
        "Makefile", "away", "drivers/char/mem.c", "drivers.h", "inside", "link", "outside",
        "run.sh",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("under", "found"),
    [
        ("drivers", ["drivers/char/mem.c"]),
        ("drivers/char/mem.c", ["drivers/char/mem.c"]),
        ("link", ["link"]),
        ("inside/char", []),
        ("outside/linux", []),
        ("nowhere", []),
        (".git", []),
        ("../linux", []),
    ],
)
def test_paths_under_a_folder_a_file_a_link_or_nothing(
    tree: DirTree, under: str, found: list[str]
) -> None:
    assert [str(path) for path in tree.paths(P(under))] == found


def test_reads_bytes_as_they_are(tree: DirTree) -> None:
    assert tree.read(P("drivers/char/mem.c")) == b"int x;\r\n\xff"
    assert tree.read(P("drivers.h")) == b""


def test_a_symlink_is_a_leaf_that_reads_as_its_target(tree: DirTree) -> None:
    assert tree.read(P("away")) == b"../secret"
    assert tree.mode(P("away")) is Mode.LINK


def test_modes(tree: DirTree) -> None:
    assert tree.mode(P("Makefile")) is Mode.FILE
    assert tree.mode(P("run.sh")) is Mode.EXECUTABLE
    assert tree.mode(P("drivers")) is None


@pytest.mark.parametrize(
    "path",
    [
        "outside/secret", "inside/char/mem.c", "../secret", "drivers/../../secret", "/etc/passwd",
        ".git/config", "drivers", ".", "nowhere", "Makefile/x", "pipe", "a\0b",
    ],
)  # fmt: skip
def test_nothing_is_read_through_links_or_from_outside(tree: DirTree, path: str) -> None:
    assert tree.read(P(path)) is None
    assert tree.mode(P(path)) is None


def test_the_folder_itself_may_be_reached_through_a_link(tree: DirTree, tmp_path: Path) -> None:
    (tmp_path / "current").symlink_to("linux")
    assert dir_tree(tmp_path / "current").read(P("Makefile")) == b"VERSION = 2\n"


def test_no_folder_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nowhere: no such folder"):
        dir_tree(tmp_path / "nowhere")


def test_a_tree_may_be_deeper_than_the_stack(tmp_path: Path) -> None:
    (tmp_path / DEEP).mkdir(parents=True)
    (tmp_path / DEEP / "leaf").touch()
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(len(inspect.stack()) + 60)
    try:
        found = list(dir_tree(tmp_path).paths())
    finally:
        sys.setrecursionlimit(limit)
    assert found == [DEEP / "leaf"]
