"""Modules of a real 2.4.0-test10: built in a container, loaded and unloaded in QEMU."""

from __future__ import annotations

import difflib
import json
import tarfile
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

from patchkit.snapshots.open import open_tree
from tests.integration.test_real_kernel import needed, patchkit

SERIES = ("--patch", "vma-reserve", "--patch", "bttv-safe")
BTTV = "kernel/drivers/media/video/bttv.o"


def build(output: Path, *more: str, home: Path, history: Path) -> Any:
    return patchkit(
        "build", "--modules", "--config", "modules", *more, "-o", str(output),
        home=home, history=history,
    )  # fmt: skip


def loaded(output: Path, *, home: Path, history: Path) -> dict[tuple[str, str], str]:
    """What the guest's test ``modules``, which passed, says: step and module → error."""
    needed("qemu-system-i386", "xorriso")
    done = patchkit(
        "boot", str(output), "--test", "modules", "--timeout", "120", "--format", "json",
        home=home, history=history,
    )  # fmt: skip
    report = json.loads(done.stdout)
    assert (report["verdict"], done.returncode) == ("Booted", 0), done.stdout
    (test,) = report["tests"]
    return {(row["step"], row["module"]): row["error"] for row in test["rows"]}


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory, history: Path) -> Path:
    needed("podman", "mmdebstrap")
    folder = tmp_path_factory.mktemp("modules")
    done = build(
        folder / "out", "--snapshot", "2.4.0-test10", *SERIES, home=folder, history=history
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "out"


@pytest.mark.container
@pytest.mark.history
def test_every_module_of_the_configuration_is_in_the_archive(kernel: Path) -> None:
    found = json.loads((kernel / "metadata.json").read_bytes())["modules"]
    assert found["made"] == found["asked"] == len(found["files"]) == len(found["aboard"]) == 21
    with tarfile.open(kernel / "modules.tar.xz") as tar:
        packed = {one.name for one in tar.getmembers() if one.isfile()}
        bttv = tar.extractfile(f"lib/modules/2.4.0-test10/{BTTV}")
        assert bttv is not None
        # what insmod of its time asks a module for, and gcc of today would leave out
        assert b"kernel_version=2.4.0-test10\0" in bttv.read()
    assert {f"lib/modules/2.4.0-test10/{one['name']}" for one in found["files"]} < packed


@pytest.mark.container
@pytest.mark.history
@pytest.mark.qemu
def test_the_guest_links_loads_and_unloads_them(kernel: Path, history: Path) -> None:
    rows = loaded(kernel, home=kernel.parent, history=history)
    assert rows["load", "videodev"] == rows["unload", "videodev"] == "-"
    # it is linked, its init runs and finds no such card
    assert rows["load", "bttv"] == "ENODEV"
    assert list(rows).index(("load", "i2c-core")) < list(rows).index(("load", "bttv"))
    assert len([step for step, _ in rows if step == "load"]) == 21


@pytest.mark.container
@pytest.mark.history
def test_the_same_inputs_make_the_same_archive(kernel: Path, history: Path, tmp_path: Path) -> None:
    done = build(
        tmp_path / "out", "--snapshot", "2.4.0-test10", *SERIES, home=tmp_path, history=history
    )
    assert done.returncode == 0, done.stdout + done.stderr
    for name in ("modules.tar.xz", "ramdisk.gz", "bzImage"):
        assert (tmp_path / "out" / name).read_bytes() == (kernel / name).read_bytes(), name


@pytest.mark.container
@pytest.mark.history
def test_a_module_that_needs_a_refused_hunk_is_blamed_on_it(
    kernel: Path, history: Path, tmp_path: Path
) -> None:
    mail = Path(__file__).parent.parent.parent / "patches" / "vm-reserved" / "mail.txt"
    broken = tmp_path / "mail.txt"
    text = mail.read_bytes().replace(b"include/linux/wrapper.h", b"include/linux/no-wrapper.h")
    broken.write_bytes(text)
    done = build(
        tmp_path / "out", "--snapshot", "2.4.0-test10", "--patch", str(broken), "--partial",
        home=kernel.parent, history=history,
    )  # fmt: skip
    assert done.returncode == 10, done.stdout + done.stderr
    assert "drivers/media/video/videodev.o: undefined reference to `vma_reserve'" in done.stdout
    assert (
        "hunk 2 of videodev.c: drivers/media/video/videodev.o: undefined reference" in done.stdout
    )
    assert "only the refused hunk of include/linux/no-wrapper.h defines" in done.stdout


# a thread of the kernel: init lives on, and every module loads
CRASH = """\
extern int kernel_thread(int (*)(void *), void *, unsigned long);
static int crash(void *nothing)
{
\treturn *(volatile int *)4;
}
"""


@pytest.mark.container
@pytest.mark.history
@pytest.mark.qemu
def test_a_module_that_crashes_the_kernel_beside_init_is_not_booted(
    kernel: Path, history: Path, tmp_path: Path
) -> None:
    needed("qemu-system-i386", "xorriso")
    name, begins = "fs/nls/nls_cp437.c", "static int __init init_nls_cp437(void)\n{\n"
    data = open_tree(tree=None, snapshot="2.4.0-test10").read(PurePosixPath(name))
    assert data is not None
    before = data.decode("latin-1")
    assert begins in before
    after = before.replace(begins, f"{CRASH}{begins}\tkernel_thread(crash, 0, 0);\n")
    lines = (before.splitlines(keepends=True), after.splitlines(keepends=True))
    patch = tmp_path / "crash.diff"
    patch.write_text("".join(difflib.unified_diff(*lines, f"a/{name}", f"b/{name}")), "latin-1")
    done = build(
        tmp_path / "out", "--snapshot", "2.4.0-test10", *SERIES, "--patch", str(patch),
        home=kernel.parent, history=history,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    done = patchkit(
        "boot", str(tmp_path / "out"), "--test", "modules", "--timeout", "120",
        home=kernel.parent, history=history,
    )  # fmt: skip
    assert done.returncode == 14, done.stdout + done.stderr
    assert "FAILED  modules: it ran to its end, in a kernel that has crashed" in done.stdout
