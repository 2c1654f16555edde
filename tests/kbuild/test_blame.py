"""Errors are mapped back to the hunks that are at them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path, PurePosixPath

from patchkit.flows.apply.apply_series import apply_series
from patchkit.flows.intake.extract_mail import extract_mail
from patchkit.flows.intake.read_mail import read_mail
from patchkit.flows.kbuild.build_blame import blame
from patchkit.kbuild.log import Diagnostic
from patchkit.patch.diff import change_between
from patchkit.patch.render import file_bytes
from patchkit.port.outcome import Need, SeriesReport
from patchkit.tree.overlay import File, MemoryTree

VIDEODEV = PurePosixPath("drivers/media/video/videodev.c")
WRAPPER = PurePosixPath("include/linux/wrapper.h")
MAKEFILE = PurePosixPath("drivers/media/video/Makefile")
NEED = Need("vma_reserve", VIDEODEV, WRAPPER)
TREE = MemoryTree(
    {
        VIDEODEV: File(b"".join(b"int line%d;\n" % n for n in range(1, 101))),
        WRAPPER: File(b"#define mem_map_reserve(p) 1\n#define mem_map_unreserve(p) 2\n"),
        MAKEFILE: File(b"O_OBJS := videodev.o\n"),
    }
)


def series(folder: Path, *patches: dict[PurePosixPath, list[tuple[bytes, bytes]]]) -> SeriesReport:
    """Patches that put the second text where the first one is."""
    tree = dict(TREE.files)
    names = []
    for number, edits in enumerate(patches, 1):
        diff = b""
        for path, pairs in edits.items():
            text = tree[path].data
            for old, new in pairs:
                assert tree[path].data.count(old) == 1
                tree[path] = File(tree[path].data.replace(old, new))
            diff += file_bytes(change_between(path, text, tree[path].data))
        names.append(str(folder / f"{number}.diff"))
        Path(names[-1]).write_bytes(diff)
    with read_mail(names) as mailing:
        report = apply_series(extract_mail(mailing), TREE)
    assert report.landed
    return report


def error(path: str, line: int, text: str, kind: str = "error") -> Diagnostic:
    return Diagnostic(kind, path, line, text)


def said(report: SeriesReport, *errors: Diagnostic) -> tuple[str, ...]:
    return blame(errors, report, TREE)


TWO_HUNKS = {
    VIDEODEV: [
        (b"int line20;\n", b"int line20;\nint new20;\n"),
        (b"int line60;\n", b"\tvma_reserve(vma);\n"),
    ]
}


def test_a_compiler_error_is_at_the_hunk_that_wrote_the_line(tmp_path: Path) -> None:
    found = said(series(tmp_path, TWO_HUNKS), error(str(VIDEODEV), 61, "'vma_reserve' undeclared"))
    assert found == ("hunk 2 of videodev.c: 'vma_reserve' undeclared",)


def test_lines_are_those_of_the_last_patch(tmp_path: Path) -> None:
    above = {VIDEODEV: [(b"int line5;\n", b"int line5;\n" + b"int more;\n" * 40)]}
    report = series(tmp_path, TWO_HUNKS, above)
    assert said(report, error(str(VIDEODEV), 101, "bad")) == ("hunk 2 of videodev.c: bad",)
    assert said(report, error(str(VIDEODEV), 61, "bad")) == ("hunk 1 of videodev.c: bad",)
    assert said(report, error(str(VIDEODEV), 40, "bad")) == ("hunk 1 of videodev.c: bad",)


def test_an_error_far_behind_a_hunk_is_said_to_be_behind_it(tmp_path: Path) -> None:
    errors = tuple(error(str(VIDEODEV), line, "invalid storage class") for line in (90, 95))
    (line,) = said(series(tmp_path, TWO_HUNKS), *errors)
    assert line == (
        "drivers/media/video/videodev.c:90: invalid storage class; "
        "26 lines behind hunk 2 of videodev.c"
    )


def test_of_what_follows_from_an_error_in_a_hunk_nothing_is_said(tmp_path: Path) -> None:
    errors = tuple(error(str(VIDEODEV), line, "invalid") for line in (61, 90, 95))
    assert said(series(tmp_path, TWO_HUNKS), *errors) == ("hunk 2 of videodev.c: invalid",)


def test_an_error_above_every_hunk_blames_none(tmp_path: Path) -> None:
    assert said(series(tmp_path, TWO_HUNKS), error(str(VIDEODEV), 3, "bad")) == ()


def test_a_linker_error_is_at_the_hunk_that_uses_the_symbol(tmp_path: Path) -> None:
    wrong = error("", 0, "undefined reference to `vma_reserve'", "link")
    report = replace(series(tmp_path, TWO_HUNKS), needs=(NEED,))
    assert said(report, wrong) == (
        "hunk 2 of videodev.c: undefined reference to `vma_reserve'",
        "drivers/media/video/videodev.c uses vma_reserve, which only the refused hunk of "
        "include/linux/wrapper.h defines",
    )


def test_a_file_that_no_patch_touches_may_miss_what_a_header_had(tmp_path: Path) -> None:
    gone = {WRAPPER: [(b"#define mem_map_reserve(p) 1\n", b"")]}
    wrong = error("drivers/lamp.c", 7, "'mem_map_reserve' undeclared (first use here)")
    assert said(series(tmp_path, gone), wrong) == (
        "hunk 1 of wrapper.h takes away mem_map_reserve: drivers/lamp.c:7: "
        "'mem_map_reserve' undeclared (first use here)",
    )
    other = {WRAPPER: [(b"mem_map_reserve(p) 1", b"mem_map_reserve(p, q) 1")]}
    wrong = error("drivers/lamp.c", 7, "too few arguments to function 'x->mem_map_reserve'")
    (line,) = said(series(tmp_path, other), wrong)
    assert line.startswith("hunk 1 of wrapper.h changes mem_map_reserve: drivers/lamp.c:7: ")


def test_a_makefile_is_named_with_its_folder(tmp_path: Path) -> None:
    more = {MAKEFILE: [(b"videodev.o", b"videodev.o lamp.o")]}
    assert said(series(tmp_path, more), error("", 0, "cannot find lamp.o: No such file")) == (
        "hunk 1 of drivers/media/video/Makefile: cannot find lamp.o: No such file",
    )


def test_an_error_elsewhere_blames_no_hunk(tmp_path: Path) -> None:
    errors = (
        error("mm/memory.c", 31, "'line60' undeclared"),  # no other file sees videodev.c
        error("", 0, "undefined reference to `other'", "link"),
    )
    assert said(series(tmp_path, TWO_HUNKS), *errors) == ()
