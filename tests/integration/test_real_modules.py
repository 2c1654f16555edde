"""Modules of a real 2.4.0-test10 and 6.1: built in a container, loaded and unloaded in QEMU."""

from __future__ import annotations

import io
import json
import os
import re
import tarfile
from pathlib import Path
from typing import Any

import pytest

from tests.integration.test_real_kernel import needed, patchkit

SERIES = ("--patch", "vma-reserve", "--patch", "bttv-safe")
BTTV = "kernel/drivers/media/video/bttv.o"
TODAY = os.environ.get("PATCHKIT_LINUX_SOURCE", "")


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
    assert "drivers/media/video/videodev.o: undefined: vma_reserve; neither" in done.stdout
    assert (
        "hunk 2 of videodev.c: drivers/media/video/videodev.o: undefined reference" in done.stdout
    )
    assert "only the refused hunk of include/linux/no-wrapper.h defines" in done.stdout


@pytest.mark.container
@pytest.mark.qemu
@pytest.mark.skipif(
    not (Path(TODAY) / "Makefile").is_file() or not TODAY,
    reason="PATCHKIT_LINUX_SOURCE names no linux-source-6.1",
)
def test_modules_of_today(tmp_path: Path) -> None:
    needed("podman", "mmdebstrap")
    done = build(tmp_path / "out", "--tree", TODAY, home=tmp_path, history=Path())
    assert done.returncode == 0, done.stdout + done.stderr
    said = re.search(r"modules: (\d+) of (\d+) made", done.stdout)
    assert said is not None
    assert said[1] == said[2] != "0"
    rows = loaded(tmp_path / "out", home=tmp_path, history=Path())
    assert rows["load", "loop"] == rows["unload", "loop"] == "-"
    packed = (tmp_path / "out" / "modules.tar.xz").read_bytes()
    with tarfile.open(fileobj=io.BytesIO(packed)) as tar:
        assert any(name.endswith("/modules.order") for name in tar.getnames())
