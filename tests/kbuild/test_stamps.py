"""What a kept kernel rests on changes its stamp when it changes."""

from __future__ import annotations

import os
import shutil
from pathlib import Path, PurePosixPath

import pytest

from patchkit.flows.kbuild.compilers import compilers
from patchkit.flows.kbuild.request import Request
from patchkit.flows.kbuild.stamps import stamps
from patchkit.host import shipped
from patchkit.kbuild.toolchain import toolchain_named
from patchkit.snapshots.dir_tree import DirTree
from patchkit.tree.overlay import MemoryTree


def test_a_file_of_the_same_time_size_and_inode_is_another_when_it_was_written(
    tmp_path: Path,
) -> None:
    file = tmp_path / "main.c"
    file.write_text("int one;\n")
    before, was = stamps(DirTree(tmp_path))(PurePosixPath("main.c")), file.stat()
    file.write_text("int two;\n")
    os.utime(file, ns=(was.st_atime_ns, was.st_mtime_ns))
    now = file.stat()
    assert (now.st_ino, now.st_size, now.st_mtime_ns) == (was.st_ino, was.st_size, was.st_mtime_ns)
    assert stamps(DirTree(tmp_path))(PurePosixPath("main.c")) != before


@pytest.mark.parametrize(
    "name",
    [
        "kbuild/declared.mk", "kbuild/newcc/raw_newlines.py", "flows/kbuild/make_kernel.py",
        "boot/guest/smoke.c", "boot/guest/probe/patchkit_probe.c", "apis/rules/strlcpy.toml",
    ],
)  # fmt: skip
def test_every_file_of_patchkits_own_is_in_its_digest(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "patchkit"
    shutil.copytree(shipped.PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(shipped, "PACKAGE", copy)
    digest = shipped.own_digest.__wrapped__
    before = digest(), digest("kbuild", "flows/kbuild", "boot/guest")
    (copy / name).write_bytes((copy / name).read_bytes() + b"\n")
    assert digest() != before[0]
    part = digest("kbuild", "flows/kbuild", "boot/guest")
    assert (part != before[1]) == (not name.startswith("apis/"))


def test_other_compilers_of_this_machine_are_told_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = Request(
        tree=MemoryTree(), config="", config_name="tiny", toolchain=toolchain_named("debian-gcc"),
        output=tmp_path, contained=False,
    )  # fmt: skip
    monkeypatch.setattr("patchkit.flows.kbuild.compilers.PATH", str(tmp_path))
    said = []
    for version in ("12.2.0", "13.1.0"):
        (tmp_path / "gcc").write_text(f"#!/bin/sh\necho 'gcc {version}'; echo more\n")
        (tmp_path / "gcc").chmod(0o755)
        said.append(compilers(request))
    assert [one.split(";")[0] for one in said] == ["gcc 12.2.0", "gcc 13.1.0"]


def test_compilers_that_can_not_be_asked_have_no_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    tree, toolchain = MemoryTree(), toolchain_named("debian-gcc")
    assert compilers(Request(tree, "", "tiny", toolchain, tmp_path)) == ""
