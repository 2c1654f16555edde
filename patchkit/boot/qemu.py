"""A machine and its media → QEMU's command line."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from patchkit.boot.machine import Machine

# No file that QEMU writes grows beyond this: a guest may send without end.
LARGEST_FILE = 256 * 1024 * 1024


class Media(NamedTuple):
    """The files of one boot: what is read, swapped to, and written by the second port."""

    iso: Path
    swap: Path
    port: Path


def qemu_command(machine: Machine, media: Media, *, accel: str, megabytes: int) -> tuple[str, ...]:
    """The line that boots *media*; the console is its standard output. *accel* is kvm or tcg."""
    return (
        "prlimit", f"--fsize={LARGEST_FILE}",
        # a patchkit that is killed takes its machine with it
        "setpriv", "--pdeathsig", "KILL",
        machine.qemu,
        *machine.options,
        "-accel", accel,
        "-m", str(megabytes),
        "-nodefaults", "-no-user-config",
        "-display", "none",
        "-monitor", "none",
        "-nic", "none",
        "-no-reboot",
        "-rtc", "base=2000-10-20T12:00:00",
        "-boot", "d",
        "-drive", f"file={media.iso},format=raw,media=cdrom,if=ide,index=2,readonly=on",
        "-drive", f"file={media.swap},format=raw,if=ide,index=0,cache=unsafe",
        "-chardev", "stdio,id=console,signal=off", "-serial", "chardev:console",
        "-serial", f"file:{media.port}",
    )  # fmt: skip
