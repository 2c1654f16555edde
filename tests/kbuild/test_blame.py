"""Errors are mapped back to the hunks that are at them."""

from __future__ import annotations

from pathlib import PurePosixPath

from patchkit.flows.kbuild.build_blame import blame
from patchkit.kbuild.log import Diagnostic
from patchkit.patch.model import Head
from patchkit.port.outcome import (
    FileReport,
    HunkReport,
    Need,
    Outcome,
    PatchReport,
    SeriesReport,
)
from patchkit.tree.overlay import File

VIDEODEV = PurePosixPath("drivers/media/video/videodev.c")
TEXT = b"#include <linux/wrapper.h>\n" * 30 + b"\tvma_reserve(vma);\n" + b"\n" * 9
HUNKS = (HunkReport(1, Outcome.APPLIED, 27, line=1), HunkReport(2, Outcome.APPLIED, 228, line=28))
NEED = Need("vma_reserve", VIDEODEV, PurePosixPath("include/linux/wrapper.h"))


def applied(*needs: Need) -> SeriesReport:
    file = FileReport(VIDEODEV, Outcome.APPLIED, HUNKS)
    return SeriesReport(
        "tree", (PatchReport(Head(), "mail", (file,)),), {VIDEODEV: File(TEXT)}, needs
    )


def test_a_compiler_error_is_at_the_hunk_before_it() -> None:
    error = Diagnostic("error", str(VIDEODEV), 31, "'vma_reserve' undeclared")
    assert blame((error,), applied()) == ("hunk 2 of videodev.c: 'vma_reserve' undeclared",)


def test_a_linker_error_is_at_the_hunk_that_uses_the_symbol() -> None:
    error = Diagnostic("link", "", 0, "undefined reference to `vma_reserve'")
    assert blame((error,), applied(NEED)) == (
        "hunk 2 of videodev.c: undefined reference to `vma_reserve'",
        "drivers/media/video/videodev.c uses vma_reserve, which only the refused hunk of "
        "include/linux/wrapper.h defines",
    )


def test_an_error_elsewhere_blames_no_hunk() -> None:
    errors = (
        Diagnostic("error", "mm/memory.c", 31, "'x' undeclared"),
        Diagnostic("link", "", 0, "undefined reference to `other'"),
    )
    assert blame(errors, applied(NEED)) == ()
