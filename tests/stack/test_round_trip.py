"""The founding series, ported to a miniature tree that went on elsewhere and written as patches:
git and quilt make of them the tree that patchkit writes."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.stack.stacks import TOP, content, patchkit
from tests.support.git import git


@pytest.fixture
def linux(tmp_path: Path) -> Path:
    """A git tree, with all of it committed."""
    tree = tmp_path / "linux"
    shutil.copytree(TOP / "kernel-snapshots" / "miniature", tree)
    git(tree, "init", "-q", "-b", "main")
    git(tree, "apply", str(TOP / "demo" / "drift.patch"))
    git(tree, "add", "-A", "-f")
    git(tree, "commit", "-q", "-m", "linux")
    return tree


def ported(linux: Path, form: str, place: Path) -> dict[str, bytes]:
    """The series, written to *place* in *form*; the tree as patchkit itself writes it."""
    before = content(linux)
    wanted = linux.parent / "wanted"
    shutil.copytree(linux, wanted)
    ways = ("--format", form, "--write-series", place)
    for tree, options in ((linux, ways), (wanted, ())):
        done = patchkit("apply", "vm-reserved", "--tree", tree, "--no-memory", *options)
        assert done.returncode == 0, done.stderr
    assert content(linux) == before != content(wanted)
    return content(wanted)


def test_git_am_makes_the_tree_of_the_mbox(linux: Path, tmp_path: Path) -> None:
    wanted = ported(linux, "mbox", tmp_path / "ported.mbox")
    git(linux, "am", "-q", str(tmp_path / "ported.mbox"))
    assert content(linux) == wanted
    assert git(linux, "status", "--porcelain") == ""
    assert git(linux, "log", "-1", "--format=%an") == "Andrea Arcangeli"


@pytest.mark.skipif(shutil.which("quilt") is None, reason="no quilt on this machine")
def test_quilt_makes_the_tree_of_the_folder_and_takes_it_back(linux: Path, tmp_path: Path) -> None:
    before = content(linux)
    wanted = ported(linux, "quilt", tmp_path / "patches")
    places = {"QUILT_PATCHES": str(tmp_path / "patches"), "QUILT_PC": str(tmp_path / "pc")}
    quilt = ("quilt", "--quiltrc=/dev/null")
    for step, result in (("push", wanted), ("pop", before)):
        subprocess.run(
            (*quilt, step, "-a", *(("--fuzz=0",) if step == "push" else ())),
            cwd=linux,
            env={**os.environ, **places},
            check=True,
            capture_output=True,
        )
        assert content(linux) == result
