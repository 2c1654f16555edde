"""What a kept kernel rests on changes its stamp when it changes."""

from __future__ import annotations

import os
import shutil
from pathlib import Path, PurePosixPath

import pytest

from patchkit.flows.kbuild.stamps import stamps
from patchkit.host import shipped
from patchkit.snapshots.dir_tree import DirTree


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
