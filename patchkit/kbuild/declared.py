"""What a Kconfig tree declares that it compiles: read out of its own Makefiles, by make."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

# Its place in the workspace; it prints what `newcc.listing` reads of a `make -n`.
MAKEFILE = PurePosixPath(".patchkit-declared.mk")
TARGET = "patchkit-declared"


def listing_files() -> dict[PurePosixPath, bytes]:
    """The makefile that asks, by its place in the workspace."""
    return {MAKEFILE: Path(__file__).with_name("declared.mk").read_bytes()}
