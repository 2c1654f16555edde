"""The machines that kernels are booted on, as rows of a table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Machine(NamedTuple):
    """A machine of QEMU: its program, its options, and what the kernel calls its first port."""

    qemu: str
    options: tuple[str, ...]
    console: str


MACHINES: Mapping[str, Machine] = {
    "i386": Machine("qemu-system-i386", ("-machine", "pc", "-cpu", "qemu32"), "ttyS0"),
    "x86_64": Machine("qemu-system-x86_64", ("-machine", "pc"), "ttyS0"),
}
