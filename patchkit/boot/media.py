"""What the machine boots from and swaps to: an ISOLINUX image and an empty swap area."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

from patchkit.boot.machine import Machine
from patchkit.errors import HostError, InputError

# The loader and its library module, from Debian's isolinux and syslinux-common.
LOADER = ("/usr/lib/ISOLINUX/isolinux.bin", "/usr/lib/syslinux/modules/bios/ldlinux.c32")
PAGE = 4096
# COMMAND_LINE_SIZE of the kernels that do not say themselves how much they take
OLD_ROOM = 255
# what ISOLINUX puts in front
IMAGE_WORD = "BOOT_IMAGE=bzimage"


def loader_files() -> dict[str, bytes]:
    """ISOLINUX itself.

    Raises:
        HostError: it is not installed.
    """
    missing = [name for name in LOADER if not Path(name).is_file()]
    if missing:
        raise HostError(f"{missing[0]}: not there; install isolinux and syslinux-common")
    return {Path(name).name: Path(name).read_bytes() for name in LOADER}


def isolinux_config(
    machine: Machine, tests: tuple[str, ...], *, ide: bool, append: str = "", room: int = OLD_ROOM
) -> str:
    """The boot menu of one entry. The guest's init finds its tests on the command line, which ends
    with the words of *append*.

    *ide*: has the kernel the IDE driver of its time, which takes the words below? *room*: as
    `command_line_room` has it.

    Raises:
        InputError: *append* does not fit, or is no line of ASCII.
    """
    words = (
        f"console={machine.console}",
        # trees before initramfs mount the ramdisk; later ones take init from it
        "root=/dev/ram0",
        "rw",
        "init=/init",
        "rdinit=/init",
        # with QEMU's -no-reboot a panic ends the machine instead of hanging the run
        "panic=1",
        f"patchkit.tests={','.join(tests)}",
        *(_absent(tests) if ide else ()),
        *append.split(),
    )
    line = " ".join(words)
    if not (append.isascii() and append.replace("\t", " ").isprintable()):
        raise InputError(f"{append!r}: what is appended must be one line of ASCII")
    if append and (more := len(f"{IMAGE_WORD} {line}") - room) > 0:
        raise InputError(f"the kernel would drop the last {more} characters of its command line")
    return (
        "DEFAULT linux\nPROMPT 0\nTIMEOUT 0\nLABEL linux\n"
        f"KERNEL bzimage\nINITRD ramdisk.gz\nAPPEND {line}\n"
    )


def command_line_room(image: bytes) -> int:
    """How many characters of a command line the kernel *image* takes; it drops the rest unsaid.

    Source: Documentation/x86/boot.rst, ``cmdline_size`` (boot protocol 2.06 and later).
    """
    header = image[0x202:0x23C]
    if (
        len(header) < 0x3A
        or header[:4] != b"HdrS"
        or struct.unpack_from("<H", header, 4)[0] < 0x206
    ):
        return OLD_ROOM
    return int(struct.unpack_from("<I", header, 0x36)[0])


def _absent(tests: tuple[str, ...]) -> Iterator[str]:
    """What the kernel need not look for: 2.4 waits up to 1.5 s for each drive that is not there,
    and the disc has done its part when the kernel runs. Of the six controllers it tries by itself
    the first has the swap."""
    first = 1 if "swap-pressure" in tests else 0
    yield from (f"ide{number}=noprobe" for number in range(first, 6))
    if first:
        yield "hdb=noprobe"


def iso_command(folder: Path, image: Path) -> tuple[str, ...]:
    """The line that makes the bootable *image* from the files in *folder*."""
    return (
        "xorriso", "-as", "mkisofs", "-quiet",
        "-b", "isolinux.bin", "-c", "boot.cat",
        "-no-emul-boot", "-boot-load-size", "4", "-boot-info-table",
        "-o", str(image), str(folder),
    )  # fmt: skip


def write_swap(path: Path, *, megabytes: int) -> None:
    """An empty swap area of the second format; a sparse file."""
    pages = megabytes * 1024 * 1024 // PAGE
    header = bytearray(PAGE)
    struct.pack_into("<III", header, 1024, 1, pages - 1, 0)
    header[-10:] = b"SWAPSPACE2"
    with path.open("wb") as file:
        file.write(header)
        file.truncate(pages * PAGE)
