"""tests/cases/audit/<case>: ``tree/`` is audited whole and prints ``expected.txt``."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

from patchkit.flows.audit.audit_sites import audit_sites
from patchkit.report.audit_text import as_text
from tests.support.folder_tree import memory_tree

CASES = Path(__file__).parent.parent / "cases" / "audit"


@pytest.mark.parametrize("case", sorted(CASES.iterdir()), ids=lambda case: case.name)
def test_sites_of_the_case_are_as_expected(case: Path) -> None:
    report = audit_sites(memory_tree(case / "tree"), [PurePosixPath(".")])
    printed = as_text(report)
    assert printed + "\n" * bool(printed) == (case / "expected.txt").read_text()
