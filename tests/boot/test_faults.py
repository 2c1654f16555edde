"""What goes wrong with a machine, in real QEMU: boot sectors of ours in the loader's place."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from patchkit.boot.qemu import LARGEST_FILE
from patchkit.boot.verdict import Hung, Lost, Panicked
from patchkit.flows.boot_kernel import Kernel, boot_kernel
from patchkit.report.boot import exit_code

KERNEL = Kernel(b"image", b"ramdisk", b"c0100000 T _stext\n", "i386")
# 16-bit code, as the BIOS starts it at 0:7c00; a port of QEMU's takes any number of bytes.
FIRST_PORT, SECOND_PORT = 0x3F8, 0x2F8


def spew(port: int) -> bytes:
    """mov dx,port; l: in al,0x40; out dx,al; jmp l: the timer's low byte, without end."""
    return b"\xba" + port.to_bytes(2, "little") + b"\xe4\x40\xee\xeb\xfb"


# cli; lidt [limit 0]; mov eax,cr0; or al,1; mov cr0,eax; int3: faults thrice in protected mode
TRIPLE_FAULT = b"\xfa\x0f\x01\x1e\x50\x7c\x0f\x20\xc0\x0c\x01\x0f\x22\xc0\xcc\x90" + b"\0" * 6
STANDSTILL = b"\xfa\xf4\xeb\xfd"


@pytest.fixture(autouse=True)
def _installed() -> None:
    missing = [name for name in ("qemu-system-i386", "xorriso") if shutil.which(name) is None]
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")


def started(code: bytes, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the machine start *code* instead of ISOLINUX, below the table that xorriso patches in."""
    loader = folder / "isolinux.bin"
    # xorriso writes its boot-info table over bytes 8 to 63
    jump = b"\xea\x40\x7c\x00\x00"
    loader.write_bytes((jump.ljust(64, b"\0") + code).ljust(2048, b"\0"))
    monkeypatch.setattr("patchkit.boot.media.LOADER", (str(loader),))


def test_a_kernel_that_triple_faults_is_lost_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started(TRIPLE_FAULT, tmp_path, monkeypatch)
    report, _ = boot_kernel(KERNEL, ("smoke",), timeout=120, accel="tcg")
    assert isinstance(report.verdict, Lost)


def test_a_machine_that_stands_still_is_hung(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started(STANDSTILL, tmp_path, monkeypatch)
    report, _ = boot_kernel(KERNEL, ("smoke",), timeout=4, accel="tcg")
    assert isinstance(report.verdict, Hung)


@pytest.mark.parametrize("port", [FIRST_PORT, SECOND_PORT])
def test_a_guest_that_spews_on_either_port_is_hung_and_passes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, port: int
) -> None:
    started(spew(port), tmp_path, monkeypatch)
    report, console = boot_kernel(KERNEL, ("smoke",), timeout=6, accel="tcg")
    assert isinstance(report.verdict, Hung | Lost)
    assert [test.passed for test in report.tests] == [False]
    assert len(console) <= LARGEST_FILE


def say(console: bytes, port: bytes, *, end: bytes) -> bytes:
    """Print *console* on the first port and *port* on the second, then do *end*."""
    loop = b"\xac\x84\xc0\x74\x03\xee\xeb\xf8"  # l: lodsb; test al,al; jz out; out dx,al; jmp l
    head = 2 * (3 + 3 + len(loop)) + len(end)
    code, at = b"", 0x7C40 + head
    for number, text in ((FIRST_PORT, console), (SECOND_PORT, port)):
        where = at.to_bytes(2, "little")
        code += b"\xbe" + where + b"\xba" + number.to_bytes(2, "little") + loop
        at += len(text) + 1
    return code + end + console + b"\0" + port + b"\0"


# mov al,0xfe; out 0x64,al; hlt: the keyboard controller's reset, at which QEMU ends
SHUT = b"\xb0\xfe\xe6\x64\xf4"
OOPS = b"kernel BUG at vmscan.c:102!\ninvalid operand: 0000\n"
PANIC = b"Oops: 0002\nEIP:    0010:[<c0100004>]\nKernel panic: Attempted to kill init!\n"


@pytest.mark.parametrize(
    ("console", "port", "code"),
    [
        (PANIC, b"", 11),
        (b"Uncompressing Linux...\n", b"\xff\xfe garbage\nPASS smoke\nEND\n", 13),
        (b"", b"PATCHKIT 1 2.4.0\nEND\n", 14),
        (b"", b"PATCHKIT 1 2.4.0\nTEST smoke\nFAIL smoke no fork\nEND\n", 14),
        (PANIC, b"PATCHKIT 1 2.4.0\nTEST smoke\nPASS smoke\nEND\n", 0),
    ],
)
def test_what_the_ports_say_is_the_exit_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, console: bytes, port: bytes, code: int
) -> None:
    started(say(console, port, end=SHUT), tmp_path, monkeypatch)
    report, said = boot_kernel(KERNEL, ("smoke",), timeout=60, accel="tcg")
    assert exit_code(report) == code, said
    if isinstance(report.verdict, Panicked):
        assert report.verdict.trace == ("_stext+0x4",)


def test_an_oops_and_then_silence_ends_the_boot_before_its_deadline(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started(say(OOPS, b"PATCHKIT 1 2.4.0\n", end=STANDSTILL), tmp_path, monkeypatch)
    report, _ = boot_kernel(KERNEL, ("smoke",), timeout=86400, accel="tcg")
    assert isinstance(report.verdict, Panicked)
    assert report.verdict.reason == "kernel BUG at vmscan.c:102!"


def test_a_clock_that_jumps_ends_no_boot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started(STANDSTILL, tmp_path, monkeypatch)
    real, calls = time.time, iter(range(0, 10**9, 86400))
    monkeypatch.setattr("time.time", lambda: real() + next(calls))
    report, _ = boot_kernel(KERNEL, ("smoke",), timeout=3, accel="tcg")
    assert isinstance(report.verdict, Hung)
    assert report.seconds >= 3


BOOT = """
import sys
import patchkit.boot.media as media
from patchkit.flows.boot_kernel import Kernel, boot_kernel
media.LOADER = (sys.argv[1],)
boot_kernel(Kernel(b"i", b"r", b"", "i386"), ("smoke",), timeout=120, accel="tcg")
"""


def test_ctrl_c_in_a_boot_leaves_no_machine_and_no_scratch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started(STANDSTILL, tmp_path, monkeypatch)
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    with subprocess.Popen(
        (sys.executable, "-c", BOOT, str(tmp_path / "isolinux.bin")),
        env={**os.environ, "TMPDIR": str(scratch)},
        stderr=subprocess.DEVNULL,
    ) as child:
        until(lambda: bool(machines(scratch)))
        child.send_signal(signal.SIGINT)
        assert child.wait(timeout=60) != 0
    until(lambda: not machines(scratch))
    assert list(scratch.iterdir()) == []


def machines(scratch: Path) -> list[int]:
    """The processes of QEMU's that read media in *scratch*."""
    found = []
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = place.read_bytes()
        except OSError:
            continue
        if b"qemu-system" in line and bytes(scratch) in line:
            found.append(int(place.parent.name))
    return found


def until(holds: object) -> None:
    assert callable(holds)
    for _ in range(600):
        if holds():
            return
        time.sleep(0.1)
    pytest.fail("it never came to that")
