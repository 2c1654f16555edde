"""Golden cases of white space: tests/cases/spacing/CASE/ has ``before.c`` (the target),
``change.patch`` (as a mailer or an archive left it) and ``after.c`` (what its author had). A new
case needs no code."""

from __future__ import annotations

from pathlib import Path

import pytest

from patchkit.port.outcome import Outcome
from patchkit.port.patch import port
from patchkit.repair.mend import mend
from patchkit.tree.overlay import File, MemoryTree

CASES = Path(__file__).parent.parent / "cases" / "spacing"


@pytest.mark.parametrize("case", sorted(CASES.iterdir()), ids=lambda case: case.name)
def test_white_space_is_the_authors(case: Path) -> None:
    mended = mend((case / "change.patch").read_bytes())
    path = mended.files[0].paths[0]
    ported = port(mended, MemoryTree({path: File((case / "before.c").read_bytes())}))
    assert ported.report.outcome is Outcome.APPLIED
    file = ported.changes[path]
    assert file is not None
    assert file.data == (case / "after.c").read_bytes()
