"""Golden damages: tests/cases/repair/CASE/ holds ``mail.txt`` as received, ``expected.patch`` (its
diffs, mended) and ``repairs.txt`` (every repair). A damage's quiet twin has an empty
``repairs.txt``. A new case needs no code."""

from __future__ import annotations

from pathlib import Path

import pytest

from patchkit.patch.render import file_bytes
from patchkit.repair.mend import Mended, mend

CASES = Path(__file__).parent.parent / "cases" / "repair"


def patch(mended: Mended) -> bytes:
    return b"".join(file_bytes(file.change) for file in mended.files)


def repairs(mended: Mended) -> str:
    return "".join(
        f"{one.line} {one.kind} ({one.confidence.value}{', ' if one.note else ''}{one.note})\n"
        for one in mended.repairs
    )


@pytest.mark.parametrize("case", sorted(CASES.iterdir()), ids=lambda case: case.name)
def test_damage_is_mended_and_told(case: Path) -> None:
    mended = mend((case / "mail.txt").read_bytes())
    assert patch(mended) == (case / "expected.patch").read_bytes()
    assert repairs(mended) == (case / "repairs.txt").read_text()


@pytest.mark.parametrize("case", sorted(CASES.iterdir()), ids=lambda case: case.name)
def test_what_was_mended_needs_no_more_repair(case: Path) -> None:
    text = (case / "expected.patch").read_bytes()
    again = mend(text)
    assert patch(again) == text
    assert [one for one in again.repairs if one.kind not in LEFT_TO_THE_TARGET] == []


# White space that only the target knows stays lost.
LEFT_TO_THE_TARGET = ("lost-tabs", "collapsed-blanks")
