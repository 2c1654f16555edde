"""The architectures that can be built, as rows of a table."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import NamedTuple


class Architecture(NamedTuple):
    """An architecture of kernel trees.

    ``folders`` are the possible names below ``arch/``; ``images`` where a built kernel may be,
    the first that is there counts; ``headers`` is what ``include/asm`` points to in old trees.
    """

    name: str
    folders: tuple[str, ...]
    headers: str
    images: tuple[PurePosixPath, ...]
    compiler: tuple[str, ...]


ARCHITECTURES: Mapping[str, Architecture] = {
    "i386": Architecture(
        "i386",
        ("i386", "x86", "x86_64", "um"),
        "i386",
        (PurePosixPath("arch/i386/boot/bzImage"), PurePosixPath("arch/x86/boot/bzImage")),
        ("-m32",),
    ),
    "x86_64": Architecture(
        "x86_64",
        ("x86_64", "x86", "i386", "um"),
        "x86_64",
        (PurePosixPath("arch/x86_64/boot/bzImage"), PurePosixPath("arch/x86/boot/bzImage")),
        ("-m64",),
    ),
}
