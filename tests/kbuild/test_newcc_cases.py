"""Each rewrite rule on its golden folders: tests/cases/newcc/RULE/CASE/before.X → after.X.

A case whose name begins with ``quiet-`` is one where nothing may happen; every rule has one.
"""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

from patchkit.csource.edit import apply_edits
from patchkit.kbuild.newcc.reads import files_read, tree_facts
from patchkit.kbuild.newcc.rewrite import rewrite
from patchkit.kbuild.newcc.source import Source
from patchkit.kbuild.newcc.table import BUILD_RULES, SOURCE_RULES

CASES = Path(__file__).parent.parent / "cases" / "newcc"
RULES = {rule.name: rule for rule in (*SOURCE_RULES, *BUILD_RULES)}
# what the files of a case are called in the tree they stand for
PLACES = {
    ".c": "kernel/before.c",
    ".h": "include/linux/before.h",
    ".S": "kernel/before.S",
    ".lds": "arch/i386/vmlinux.lds",
    ".mk": "arch/i386/boot/Makefile",
}


@pytest.mark.parametrize(
    "case", sorted(CASES.glob("*/*")), ids=lambda case: f"{case.parent.name}/{case.name}"
)
def test_a_rule_rewrites_its_cases_and_nothing_else(case: Path) -> None:
    before = next(case.glob("before.*"))
    after = next(case.glob("after.*")).read_bytes()
    path = PurePosixPath(PLACES[before.suffix])
    tree = {path: before.read_bytes()}
    for name in ("header.h", "below.h", "checksum.S", "other.c"):
        beside = case / name
        if beside.is_file():
            tree[path.with_name(name)] = beside.read_bytes()
    facts = tree_facts(*files_read(tree, tree.get, "i386"))
    rule = RULES[case.parent.name]
    text = tree[path]
    edits = list(rule.find(Source(path, text), facts)) if rule.needle.search(text) else []
    assert apply_edits(text, edits).decode() == after.decode()
    assert bool(edits) != case.name.startswith("quiet-")


@pytest.mark.parametrize("rule", sorted(RULES))
def test_every_rule_has_a_case_and_a_quiet_twin(rule: str) -> None:
    names = [case.name for case in (CASES / rule).glob("*")]
    assert any(name.startswith("quiet-") for name in names)
    assert any(not name.startswith("quiet-") for name in names)


@pytest.mark.parametrize(
    "case", sorted(CASES.glob("*/*/before.c")), ids=lambda case: case.parent.name
)
def test_all_rules_together_are_done_after_one_pass(case: Path) -> None:
    path = PurePosixPath("kernel/before.c")
    facts = tree_facts({path: case.read_bytes()}, {})
    once = rewrite(path, case.read_bytes(), facts)
    again = rewrite(path, once.text, facts)
    assert again.text == once.text
    assert not again.places
    assert once.text.count(b"\n") == case.read_bytes().count(b"\n")
    assert all(place.line >= 1 for place in once.places)


@pytest.mark.parametrize(
    ("place", "header"), [("kernel/lamp.c", b"linux/ctype.h"), ("scripts/lamp/lamp.c", b"ctype.h")]
)
def test_a_program_of_the_build_keeps_its_libc(place: str, header: bytes) -> None:
    path, text = PurePosixPath(place), b"#include <ctype.h>\n"
    new = rewrite(path, text, tree_facts({path: text}, {}))
    assert new[0] == b"#include <%s>\n" % header
