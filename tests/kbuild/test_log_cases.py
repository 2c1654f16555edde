"""Build logs as golden files: FIRST is the first cause, COUNT that of complaints but warnings."""

from __future__ import annotations

from pathlib import Path

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
