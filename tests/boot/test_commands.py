"""QEMU's and xorriso's command lines, and the media they are given."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from patchkit.boot.machine import MACHINES
from patchkit.boot.media import iso_command, isolinux_config, write_swap
from patchkit.boot.qemu import Media, qemu_command
from patchkit.flows.boot_kernel import ALL_TESTS

MEDIA = Media(Path("/s/boot.iso"), Path("/s/swap.img"), Path("/s/port"))


def test_the_machine_has_no_network_and_ends_on_a_reboot() -> None:
    line = qemu_command(MACHINES["i386"], MEDIA, accel="tcg", megabytes=16)
    assert ("-nic", "none") in pairwise(line)
    assert {"-no-reboot", "-nodefaults"} <= set(line)
    assert ("-accel", "tcg") in pairwise(line)
    assert line[0] == "prlimit"


def test_the_second_port_is_a_file_and_the_first_is_our_own_output() -> None:
    line = qemu_command(MACHINES["i386"], MEDIA, accel="kvm", megabytes=16)
    ports = [line[at + 1] for at, word in enumerate(line) if word == "-serial"]
    assert ports == ["chardev:console", "file:/s/port"]


def test_the_boot_menu_names_the_tests_and_the_ramdisk() -> None:
    text = isolinux_config(MACHINES["i386"], ("smoke", "swap-pressure"), ide=False)
    assert "patchkit.tests=smoke,swap-pressure" in text
    assert "root=/dev/ram0" in text
    assert "panic=1" in text
    assert "noprobe" not in text


@pytest.mark.parametrize(
    ("tests", "first"), [(("smoke",), "ide0=noprobe"), (("smoke", "swap-pressure"), "ide1=noprobe")]
)
def test_a_kernel_with_ide_looks_for_no_drive_but_the_swap(
    tests: tuple[str, ...], first: str
) -> None:
    text = isolinux_config(MACHINES["i386"], tests, ide=True)
    assert f"patchkit.tests={','.join(tests)} {first} " in text


def test_the_longest_command_line_fits_that_of_2_4() -> None:
    text = isolinux_config(MACHINES["i386"], ALL_TESTS, ide=True)
    line = text.partition("APPEND ")[2].rstrip()
    assert len(f"BOOT_IMAGE=bzimage {line}") < 256


def test_the_image_is_booted_without_floppy_emulation() -> None:
    assert "-no-emul-boot" in iso_command(Path("/s/disc"), Path("/s/boot.iso"))


def test_the_swap_area_is_of_the_second_format(tmp_path: Path) -> None:
    area = tmp_path / "swap.img"
    write_swap(area, megabytes=1)
    data = area.read_bytes()
    assert len(data) == 1 << 20
    assert data[4086:4096] == b"SWAPSPACE2"
    assert int.from_bytes(data[1024:1028], "little") == 1
    assert int.from_bytes(data[1028:1032], "little") == 255
