"""image → machine → port and console → verdict."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from patchkit.boot.console import GRAVE, events, release
from patchkit.boot.machine import MACHINES, Machine
from patchkit.boot.media import (
    command_line_room,
    iso_command,
    isolinux_config,
    loader_files,
    write_swap,
)
from patchkit.boot.qemu import Media, qemu_command
from patchkit.boot.verdict import BootReport, Hung, judged
from patchkit.errors import HostError, InputError
from patchkit.host.files import atomic_write, reason, scratch
from patchkit.host.places import cache_folder
from patchkit.host.process import TimedOut, run, stream

MEGABYTES = 128
# Small, so that the swap test's pressure is soon there; the swap area holds all of it.
UNDER_PRESSURE = 16
SWAP_MEGABYTES = 32
ALL_TESTS = ("smoke", "reserve-matrix", "bttv-as-posted", "swap-pressure", "modules")


@dataclass(frozen=True, slots=True)
class Kernel:
    """What is booted: an output folder of ``patchkit build``, or the files of one."""

    image: bytes
    ramdisk: bytes
    system_map: bytes
    arch: str


def kernel_in(place: Path) -> Kernel:
    """The kernel in *place*: a build's output folder, or the image in one.

    Raises:
        InputError: there is none, or it is not what the build put there.
    """
    folder = place if place.is_dir() else place.parent
    try:
        metadata = json.loads((folder / "metadata.json").read_bytes())
        sums, arch = dict(metadata["sha256"]), str(metadata["build"]["target_arch"])
        if arch not in MACHINES:
            raise ValueError(arch)
        image = (folder / "bzImage" if place.is_dir() else place).read_bytes()
        ramdisk = (folder / "ramdisk.gz").read_bytes()
        system_map = (folder / "System.map").read_bytes()
    except (OSError, ValueError, TypeError, LookupError) as error:
        words = reason(error) if isinstance(error, OSError) else "metadata.json is none of its own"
        raise InputError(f"{place}: no kernel of patchkit build: {words}") from error
    for name, data in (("bzImage", image), ("ramdisk.gz", ramdisk), ("System.map", system_map)):
        if sums.get(name) != hashlib.sha256(data).hexdigest():
            raise InputError(f"{place}: {name} is not the one that was built; build it again")
    return Kernel(image, ramdisk, system_map, arch)


def boot_kernel(
    kernel: Kernel,
    tests: tuple[str, ...],
    *,
    timeout: float,
    accel: str,
    append: str = "",
    on_line: Callable[[bytes], None] = lambda line: None,
) -> tuple[BootReport, bytes]:
    """Boot *kernel*, have it run *tests*, and judge; the report and the console.

    *timeout* is in seconds; *accel* is ``auto``, ``kvm`` or ``tcg``; *append* are further words of
    the kernel's command line.

    Raises:
        InputError: a test is none of the guest's, or *append* can't be appended.
        HostError: QEMU, ISOLINUX or xorriso is missing, or the machine can't be started.
    """
    unknown = [test for test in tests if test not in ALL_TESTS]
    if unknown:
        raise InputError(f"{unknown[0]}: no such test; known: {', '.join(ALL_TESTS)}")
    machine = MACHINES[kernel.arch]
    if shutil.which(machine.qemu) is None:
        raise HostError(f"{machine.qemu} is not installed; install qemu-system-x86")
    with scratch() as folder:
        media = _media(kernel, machine, tests, append, folder)
        boot = _Boot(kernel, machine, media, tests, on_line)
        usable = os.access("/dev/kvm", os.R_OK | os.W_OK)
        if accel == "kvm" and not usable:
            raise HostError("/dev/kvm: not there, or not yours to use; say --accel tcg")
        if accel == "tcg" or not usable:
            return boot.run("tcg", timeout)
        if accel == "kvm":
            return _kvm_only(boot, timeout)
        return _either(boot, timeout)


def _kvm_only(boot: _Boot, timeout: float) -> tuple[BootReport, bytes]:
    report, console = boot.run("kvm", timeout)
    if report.kernel:
        return report, console
    if any(line.startswith(KVM_BROKE) for line in console.split(b"\n")):
        raise HostError("/dev/kvm: it is there and can't run a machine of these; say --accel tcg")
    note = "KVM is there and no kernel spoke; it may run none: say --accel tcg"
    return replace(report, notes=(note,)), console


# A kernel that KVM runs has said something after this many seconds; ISOLINUX takes one.
KVM_PATIENCE = 4.0


def _either(boot: _Boot, timeout: float) -> tuple[BootReport, bytes]:
    """KVM where it runs such kernels at all, else TCG. What KVM did is remembered until the
    machine starts again: it may be there and run nothing."""
    mark = cache_folder() / "boot" / "kvm-is-mute"
    running = Path("/proc/sys/kernel/random/boot_id").read_bytes()
    if not (mark.is_file() and mark.read_bytes() == running):
        report, console = boot.run("kvm", min(timeout, KVM_PATIENCE))
        if report.kernel:
            slow = isinstance(report.verdict, Hung) and timeout > KVM_PATIENCE
            return boot.run("kvm", timeout) if slow else (report, console)
        atomic_write(mark, running)
    report, console = boot.run("tcg", timeout)
    return replace(report, notes=("KVM is there and ran no kernel; TCG did",)), console


def _media(
    kernel: Kernel, machine: Machine, tests: tuple[str, ...], append: str, folder: Path
) -> Media:
    disc = folder / "disc"
    disc.mkdir()
    ide = b" ide_setup\n" in kernel.system_map
    room = command_line_room(kernel.image)
    menu = isolinux_config(machine, tests, ide=ide, append=append, room=room)
    files = {
        **loader_files(),
        "bzimage": kernel.image,
        "ramdisk.gz": kernel.ramdisk,
        "isolinux.cfg": menu.encode(),
    }
    for name, data in files.items():
        (disc / name).write_bytes(data)
    media = Media(folder / "boot.iso", folder / "swap.img", folder / "port")
    made = run(iso_command(disc, media.iso), timeout=60)
    if made.returncode != 0:
        raise HostError(f"xorriso: {made.stderr.decode(errors='replace').strip()[-200:]}")
    return media


# A guest that complained of an oops and then reports nothing for so many seconds is given up.
# Other processes go on after an oops, init perhaps among them: what it reports counts.
AFTERMATH = 5.0
# QEMU's own word, after which it waits for a debugger that never comes
KVM_BROKE = b"KVM internal error"


class _Watch:
    """Looks for a grave complaint on the console, from then on for signs of life at the port."""

    def __init__(self, port: Path, on_line: Callable[[bytes], None], *, kvm: bool) -> None:
        self._port, self._on_line, self._kvm = port, on_line, kvm
        self._broke = False
        self._alive: float | None = None
        self._size = 0

    def line(self, line: bytes) -> None:
        self._on_line(line)
        self._broke = self._broke or (self._kvm and line.startswith(KVM_BROKE))
        if any(event.kind in GRAVE for event in events(line)):
            self._alive = time.monotonic()

    def given_up(self) -> bool:
        if self._alive is None or self._broke:
            return self._broke
        size = self._port.stat().st_size
        if size != self._size:
            self._size, self._alive = size, time.monotonic()
        return time.monotonic() - self._alive > AFTERMATH


@dataclass(frozen=True, slots=True)
class _Boot:
    kernel: Kernel
    machine: Machine
    media: Media
    tests: tuple[str, ...]
    on_line: Callable[[bytes], None]

    def run(self, accel: str, timeout: float) -> tuple[BootReport, bytes]:
        write_swap(self.media.swap, megabytes=SWAP_MEGABYTES)
        self.media.port.write_bytes(b"")
        memory = UNDER_PRESSURE if "swap-pressure" in self.tests else MEGABYTES
        command = qemu_command(self.machine, self.media, accel=accel, megabytes=memory)
        watch = _Watch(self.media.port, self.on_line, kvm=accel == "kvm")
        began = time.monotonic()
        timed_out = False
        try:
            done = stream(command, watch.line, timeout=timeout, given_up=watch.given_up)
            console = done.stdout
            if done.returncode > 0:
                raise HostError(f"{self.machine.qemu}: {console.decode(errors='replace')[-200:]}")
        except TimedOut as error:
            timed_out, console = True, error.output
        seconds = time.monotonic() - began
        verdict, sent = judged(
            port=self.media.port.read_bytes(),
            console=console,
            system_map=self.kernel.system_map,
            asked=self.tests,
            timed_out=timed_out,
        )
        found = events(console)
        kernel = sent.release or release(console)
        return BootReport(verdict, kernel, accel, seconds, sent.tests, found), console
