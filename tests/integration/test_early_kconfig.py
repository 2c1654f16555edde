"""A real 2.6.9, whose Kbuild is older than today's make: built, booted, changed, built again."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.integration.test_real_kernel import needed, patchkit

SOURCE = """\
--- a/drivers/char/mem.c
+++ b/drivers/char/mem.c
@@ -1,2 +1,3 @@
 /*
+ * changed
  *  linux/drivers/char/mem.c
"""
HEADER = """\
--- a/include/linux/ramfs.h
+++ b/include/linux/ramfs.h
@@ -1,2 +1,3 @@
 #ifndef _LINUX_RAMFS_H
+/* changed */
 #define _LINUX_RAMFS_H
"""


def build(output: Path, history: Path, *patches: Path) -> list[str]:
    """Build 2.6.9 with *patches* into *output*; the objects that were compiled, in order."""
    needed("podman", "mmdebstrap")
    asked = [word for patch in patches for word in ("--patch", str(patch))]
    done = patchkit(
        "build", "--snapshot", "2.6.9", "--config", "tiny", *asked, "-o", str(output),
        home=output.parent, history=history,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    log = (output / "build.log").read_text(errors="replace")
    return re.findall(r"^  CC +(\S+\.o)$", log, re.MULTILINE)


@pytest.mark.container
@pytest.mark.history
@pytest.mark.qemu
def test_it_boots_and_what_stayed_is_not_compiled_again(history: Path, tmp_path: Path) -> None:
    needed("qemu-system-i386", "xorriso")
    assert len(build(tmp_path / "first", history)) > 200
    booted = patchkit(
        "boot", str(tmp_path / "first"), "--test", "smoke", "--timeout", "120", "--format", "json",
        home=tmp_path, history=history,
    )  # fmt: skip
    assert json.loads(booted.stdout)["verdict"] == "Booted", booted.stdout + booted.stderr
    # the kernel's date and number are in init/version.o
    assert set(build(tmp_path / "same", history)) == {"init/version.o"}
    for name, text, compiled in (
        ("source", SOURCE, {"drivers/char/mem.o"}),
        # what the patch before it changed is as it was again
        ("header", HEADER, {"drivers/char/mem.o", "fs/ramfs/inode.o"}),
    ):
        patch = tmp_path / f"{name}.patch"
        patch.write_text(text)
        assert set(build(tmp_path / name, history, patch)) == {"init/version.o"} | compiled
