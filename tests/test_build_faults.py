"""What can go wrong around a build or a boot: one clear line each, and nothing left behind."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from pathlib import Path

import pytest

from patchkit.boot.verdict import Hung, Lost
from patchkit.errors import HostError, InputError
from patchkit.flows.boot_kernel import Kernel, boot_kernel, kernel_in
from patchkit.flows.ci.matrix import run_recipe
from patchkit.flows.ci.recipe import Recipe
from patchkit.flows.kbuild.build_output import read_back
from patchkit.flows.kbuild.run_steps import KEPT_OF_LINE, Log
from patchkit.host.files import locked
from patchkit.host.process import KEPT_BYTES, TimedOut, stream
from patchkit.kbuild.container import find_engine
from patchkit.kbuild.image import ensure_image
from patchkit.kbuild.toolchain import TOOLCHAINS


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is the whole PATH."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


def script(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(f"#!/bin/sh\n{text}\n")
    (folder / name).chmod(0o755)


def test_no_engine_says_what_to_install(programs: Path) -> None:
    assert programs.is_dir()
    with pytest.raises(HostError, match=r"install podman .* or say --no-container"):
        find_engine(None)
    with pytest.raises(HostError, match="docker is not installed"):
        find_engine("docker")


def test_an_engine_that_may_not_be_used_is_named_with_its_reason(programs: Path) -> None:
    script(programs, "docker", "echo 'permission denied: /var/run/docker.sock' >&2; exit 1")
    with pytest.raises(HostError, match=r"docker: does not answer: permission denied"):
        find_engine(None)


def test_an_image_that_can_not_be_made_ends_with_the_tools_own_words(programs: Path) -> None:
    script(programs, "podman", 'test "$1" = version || { echo "no space left" >&2; exit 1; }')
    with pytest.raises(HostError, match=r"its image can't be made: podman: no space left"):
        ensure_image(find_engine("podman"), TOOLCHAINS["debian-gcc"])


KERNEL = Kernel(b"image", b"ramdisk", b"c0100000 T _stext\n", "i386")


def test_a_missing_qemu_says_what_to_install(programs: Path) -> None:
    assert programs.is_dir()
    with pytest.raises(HostError, match="install qemu-system-x86"):
        boot_kernel(KERNEL, ("smoke",), timeout=5, accel="tcg")


@pytest.fixture
def machine(programs: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Loader, disc maker and prlimit that work, for a QEMU of the test's."""
    loader = tmp_path / "isolinux.bin"
    loader.write_bytes(b"loader")
    monkeypatch.setattr("patchkit.boot.media.LOADER", (str(loader),))
    script(programs, "xorriso", "exit 0")
    script(programs, "prlimit", 'shift; exec "$@"')
    script(programs, "setpriv", 'shift 2; exec "$@"')
    return programs


def test_a_qemu_that_refuses_its_options_is_quoted(machine: Path) -> None:
    script(machine, "qemu-system-i386", "echo 'invalid option -nic'; exit 1")
    with pytest.raises(HostError, match=r"qemu-system-i386: invalid option -nic"):
        boot_kernel(KERNEL, ("smoke",), timeout=5, accel="tcg")


def test_a_machine_that_ends_at_once_is_lost_and_one_that_never_does_is_hung(machine: Path) -> None:
    script(machine, "qemu-system-i386", "echo Uncompressing Linux...")
    report, _ = boot_kernel(KERNEL, ("smoke",), timeout=20, accel="tcg")
    assert report.verdict == Lost("Uncompressing Linux...")
    script(machine, "qemu-system-i386", "echo Booting; exec /bin/sleep 60")
    report, console = boot_kernel(KERNEL, ("smoke",), timeout=1, accel="tcg")
    assert report.verdict == Hung("Booting")
    assert console == b"Booting\n"


def test_a_kvm_that_is_there_and_runs_nothing_is_named_at_once(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.access", lambda *_: True)
    monkeypatch.setenv("PATCHKIT_CACHE", str(machine))
    script(
        machine, "qemu-system-i386",
        'case "$*" in *"-accel kvm"*) echo "KVM internal error. Suberror: 1"; exec /bin/sleep 60;;'
        " *) echo 'Linux version 2.4.0 (x';; esac",
    )  # fmt: skip
    with pytest.raises(HostError, match=r"it is there and can't run .*; say --accel tcg"):
        boot_kernel(KERNEL, ("smoke",), timeout=50, accel="kvm")
    report, _ = boot_kernel(KERNEL, ("smoke",), timeout=50, accel="auto")
    assert (report.accel, report.kernel) == ("tcg", "2.4.0")
    script(machine, "qemu-system-i386", "exec /bin/sleep 60")
    report, _ = boot_kernel(KERNEL, ("smoke",), timeout=1, accel="kvm")
    assert report.verdict == Hung("the console is empty")
    assert "say --accel tcg" in report.notes[0]


def test_of_a_build_that_never_stops_talking_the_beginning_and_the_end_are_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Log, "BEGINNING", 10)
    monkeypatch.setattr(Log, "LAST", 2)
    log = Log()
    for line in (b"one", b"two", b"three"):
        log.add(line)
    assert bytes(log) == b"one\ntwo\nthree\n"
    for number in range(4):
        log.add(b"%d" % number)
    log.add(b"x" * 5000)
    left_out = b"[patchkit: 3 lines are left out here]\n"
    assert bytes(log) == b"one\ntwo\nthree\n" + left_out + b"3\n" + b"x" * KEPT_OF_LINE + b"\n"


def test_a_guest_that_never_stops_talking_does_not_fill_the_memory() -> None:
    seen = 0

    def count(line: bytes) -> None:
        nonlocal seen
        seen += len(line)

    flood = ("sh", "-c", "while :; do head -c 8000000 /dev/zero | tr '\\0' 'x'; echo; done")
    with pytest.raises(TimedOut) as error:
        stream(flood, count, timeout=3)
    assert len(error.value.output) <= KEPT_BYTES


def test_ctrl_c_leaves_no_process_behind(tmp_path: Path) -> None:
    note = tmp_path / "pid"

    def interrupt(line: bytes) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stream(("sh", "-c", f"sleep 60 & echo $! > {note}; echo started; wait"), interrupt)
    child = int(note.read_text())
    for _ in range(50):
        if not _alive(child):
            return
        time.sleep(0.1)
    pytest.fail("the child is still there")


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and status.read_text().rpartition(")")[2].split()[0] != "Z"


def output_folder(folder: Path) -> Path:
    document: dict[str, object] = {
        "key": "k",
        "compilers": "gcc 12",
        "build": {"result": "pass", "target_arch": "i386", "kconfig": "tiny", "toolchain": "t",
                  "runtime": "podman", "reproducer": ""},
        "source": {"kernel_version": "2.4.0"},
        "refused": [],
        "rewrites": {},
        "effects": [],
        "results": {"warnings": []},
        "objects": [1, 1],
        "modules": None,
        "ccache": {"found": 1, "compiled": 0},
        "duration": {"bzImage": 2.5},
        "sha256": {
            name: hashlib.sha256(data).hexdigest()
            for name, data in (("bzImage", b"abc"), ("ramdisk.gz", b""), ("System.map", b""))
        },
    }  # fmt: skip
    folder.mkdir()
    (folder / "metadata.json").write_text(json.dumps(document))
    for name, data in (("bzImage", b"abc"), ("ramdisk.gz", b""), ("System.map", b"")):
        (folder / name).write_bytes(data)
    return folder


def test_an_image_that_was_deleted_or_changed_is_built_again(tmp_path: Path) -> None:
    folder = output_folder(tmp_path / "out")
    kept = read_back(folder, "k", "gcc 12")
    assert kept is not None
    assert (kept.cached, kept.seconds) == (True, {"bzImage": 2.5})
    assert read_back(folder, "other", "gcc 12") is None
    assert read_back(folder, "k", "gcc 13") is None, "the image was made again of another compiler"
    assert read_back(folder, "k", "") is not None, "the compilers can't be asked"
    (folder / "bzImage").write_bytes(b"abd")
    assert read_back(folder, "k", "gcc 12") is None
    (folder / "bzImage").unlink()
    assert read_back(folder, "k", "gcc 12") is None


def test_a_boot_refuses_an_image_that_is_not_the_one_that_was_built(tmp_path: Path) -> None:
    folder = output_folder(tmp_path / "out")
    assert kernel_in(folder).image == b"abc"
    (folder / "bzImage").write_bytes(b"abd")
    with pytest.raises(InputError, match="bzImage is not the one that was built"):
        kernel_in(folder)
    (folder / "bzImage").write_bytes(b"abc")
    (folder / "ramdisk.gz").write_bytes(b"another guest")
    with pytest.raises(InputError, match=r"ramdisk\.gz is not the one that was built"):
        kernel_in(folder)
    with pytest.raises(InputError, match="no kernel of patchkit build"):
        kernel_in(tmp_path)


@pytest.mark.parametrize(
    "text",
    ["", "no JSON", "[]", "{}", '{"sha256": 1, "build": {}}', '{"sha256": {}, "build": []}',
     '{"sha256": {}, "build": {"target_arch": "vax"}}',
     '{"sha256": {}, "build": {"target_arch": []}}'],
)  # fmt: skip
def test_a_boot_refuses_metadata_that_no_build_wrote(tmp_path: Path, text: str) -> None:
    folder = output_folder(tmp_path / "out")
    (folder / "metadata.json").write_text(text)
    with pytest.raises(InputError, match="no kernel of patchkit build"):
        kernel_in(folder)


def test_two_runs_in_one_folder_are_one_too_many(tmp_path: Path) -> None:
    from patchkit.cli.ci_documents import documents

    recipe = Recipe("ours", tmp_path, ())
    with (
        locked(tmp_path, busy="held"),
        pytest.raises(HostError, match="another 'patchkit ci' is at work"),
    ):
        run_recipe(recipe, tmp_path, documents(), jobs=1, progress=lambda line: None)


def test_a_full_disk_is_the_hosts_fault_and_said_first() -> None:
    if not Path("/dev/full").exists() or shutil.which("dd") is None:
        pytest.skip("no /dev/full here")
    done = stream(("dd", "if=/dev/zero", "of=/dev/full", "count=1"), lambda line: None)
    from patchkit.kbuild.log import diagnostics, first_cause

    cause = first_cause(diagnostics(done.stdout, top="/build"))
    assert cause is not None
    assert cause.kind == "host"
