"""tests/cases/rules/<rule>/<case>: the rule makes ``after.c`` of ``before.c``, and stops there."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

from patchkit.apis.rule import Rule
from patchkit.apis.table import SHIPPED, named_rule
from patchkit.csource.edit import apply_edits
from patchkit.csource.unit import Unit

CASES = Path(__file__).parent.parent / "cases" / "rules"
PATH = PurePosixPath("drivers/a.c")


def converted(rule: Rule, source: bytes) -> bytes:
    prepared = rule.prepared({PATH: source})
    forms = prepared.old_forms(Unit(PATH, source, {}))
    return apply_edits(source, [edit for form in forms for edit in form.edits])


@pytest.mark.parametrize("case", sorted(CASES.glob("*/*")), ids=lambda case: case.name)
def test_the_rule_makes_after_of_before(case: Path) -> None:
    rule = named_rule(case.parent.name)
    after = (case / "after.c").read_bytes()
    assert converted(rule, (case / "before.c").read_bytes()) == after
    assert converted(rule, after) == after


def test_every_shipped_rule_has_a_case() -> None:
    assert {folder.name for folder in CASES.iterdir()} == set(SHIPPED)
    assert all(named_rule(name).name == name for name in SHIPPED)
