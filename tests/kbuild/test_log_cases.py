"""Build logs as golden files: FIRST is the first cause, COUNT that of complaints but warnings."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

from patchkit.kbuild.log import diagnostics, first_cause

CASES = sorted((Path(__file__).parent.parent / "cases" / "build_log").glob("*.log"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_a_log_has_its_first_cause(case: Path) -> None:
    head, _, log = case.read_text().partition("\n\n")
    expected = dict(line.split(": ", 1) for line in head.split("\n"))
    found = diagnostics(log.encode(), top="/build")
    cause = first_cause(found)
    said = "none" if cause is None else f"{cause.kind} {cause.path}:{cause.line} {cause.text}"
    assert said == expected["FIRST"]
    assert len([one for one in found if one.kind != "warning"]) == int(expected["COUNT"])


def test_bytes_that_are_no_text_do_not_stop_the_reader() -> None:
    log = b"\xff\xfe\x00 garbage\nmm/x.c:1:2: error: \xff bad\n"
    (found,) = diagnostics(log, top="/build")
    assert (found.path, found.line) == ("mm/x.c", 1)


OPEN = b"""make[1]: Entering directory '/build/drivers/net'
make[1]: Entering directory '/build/drivers/i2c'
%b:3:1: error: 'oil' undeclared
"""


@pytest.mark.parametrize(
    ("said", "files", "meant"),
    [
        ("lamp.c", ["drivers/net/lamp.c", "fs/lamp.c"], "drivers/net/lamp.c"),
        ("lamp.c", ["drivers/i2c/lamp.c", "drivers/net/lamp.c"], "drivers/i2c/lamp.c"),
        ("lamp.c", ["drivers/net/hamradio/lamp.c"], "drivers/net/hamradio/lamp.c"),
        ("x/lamp.c", ["fs/x/lamp.c", "fs/xx/lamp.c"], "fs/x/lamp.c"),
        ("lamp.c", ["fs/lamp.c", "mm/lamp.c"], "drivers/i2c/lamp.c"),
        ("fs/lamp.c", ["fs/lamp.c"], "fs/lamp.c"),
        ("../net/lamp.c", ["drivers/net/lamp.c"], "drivers/net/lamp.c"),
        ("/usr/include/lamp.h", ["fs/lamp.c"], "/usr/include/lamp.h"),
    ],
    ids=[
        "an outer folder that is open has it",
        "the innermost comes first",
        "no open folder has it and one file is called so",
        "a part of a name is not the name",
        "no open folder has it and two files are called so",
        "from the top",
        "from a neighbour",
        "outside of the tree",
    ],
)
def test_of_open_folders_the_one_with_the_file_is_meant(
    said: str, files: list[str], meant: str
) -> None:
    paths = [PurePosixPath(path) for path in files]
    (found,) = diagnostics(OPEN % said.encode(), top="/build", files=paths)
    assert found.path == meant
