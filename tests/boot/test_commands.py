"""QEMU's and xorriso's command lines, and the media they are given."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from patchkit.boot.machine import MACHINES
from patchkit.boot.media import (
    IMAGE_WORD,
    command_line_room,
    iso_command,
    isolinux_config,
    write_swap,
)
from patchkit.boot.qemu import Media, qemu_command
from patchkit.errors import InputError
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
    assert len(f"{IMAGE_WORD} {line}") < 256


@pytest.mark.parametrize(
    ("image", "room"),
    [
        (b"", 255),
        (bytes(0x202) + b"HdrS\x02\x02" + bytes(100), 255),
        (bytes(0x202) + b"HdrS\x06\x02" + bytes(0x30) + (2047).to_bytes(4, "little"), 2047),
        (bytes(0x202) + b"HdrS\x06\x02" + bytes(0x30) + b"\xff\x07", 255),
    ],
)
def test_a_kernel_of_today_says_how_long_a_command_line_it_takes(image: bytes, room: int) -> None:
    assert command_line_room(image) == room


def test_words_for_the_kernel_are_the_last_and_are_never_cut() -> None:
    machine, words = MACHINES["i386"], "ip=off  mem=64M"
    text = isolinux_config(machine, ALL_TESTS, ide=False, append=words)
    assert text.endswith(",modules ip=off mem=64M\n")
    line = isolinux_config(machine, ("smoke",), ide=False).partition("APPEND ")[2].rstrip("\n")
    fits = "x" * (255 - len(f"{IMAGE_WORD} {line} "))
    assert fits in isolinux_config(machine, ("smoke",), ide=False, append=fits)
    with pytest.raises(InputError, match="drop the last 1 characters"):
        isolinux_config(machine, ("smoke",), ide=False, append=f"{fits}x")
    isolinux_config(machine, ("smoke",), ide=False, append=fits * 8, room=2047)


@pytest.mark.parametrize("words", ["quiet\nLABEL x", "quiet\r", "ip=\xe4", "a\0b"])
def test_words_for_the_kernel_are_no_other_line_of_the_boot_menu(words: str) -> None:
    with pytest.raises(InputError, match="one line of ASCII"):
        isolinux_config(MACHINES["i386"], ("smoke",), ide=False, append=words)


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
