"""The guest's own programs: C sources of patchkit, compiled in the room and put on a ramdisk."""

from __future__ import annotations

import hashlib
from pathlib import Path, PurePosixPath

from patchkit.kbuild.arch import Architecture
from patchkit.kbuild.generation import Generation
from patchkit.kbuild.plan import Step

FOLDER = PurePosixPath(".patchkit-guest")
# in the workspace: modules for the ramdisk, if any
MODULES = FOLDER / "modules"
RAMDISK = ".patchkit-guest/ramdisk.gz"
SOURCES = Path(__file__).parent.parent / "boot" / "guest"


def guest_files() -> dict[PurePosixPath, bytes]:
    """The sources and the script that makes the ramdisk, by their place in the workspace."""
    return {FOLDER / at.name: at.read_bytes() for at in sorted(SOURCES.glob("*")) if at.is_file()}


def guest_digest() -> str:
    """A hash of these files."""
    return hashlib.sha256(b"\0".join(guest_files().values())).hexdigest()


def guest_step(age: Generation, arch: Architecture) -> Step:
    """Compiles the guest's programs and makes the ramdisk: a cpio archive for today's kernels, an
    ext2 of revision 0 for those that know no initramfs (2.5.46) or no /init in it (2.6.9)."""
    kind = "cpio" if age is Generation.TODAY else "ext2"
    return Step("guest", ("sh", f"{FOLDER}/ramdisk.sh", str(FOLDER), kind, arch.name))
