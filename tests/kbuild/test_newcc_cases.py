"""Each rewrite rule on its golden folders: tests/cases/newcc/RULE/CASE/before.X → after.X.

A case whose name begins with ``quiet-`` is one where nothing may happen; every rule has one.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path, PurePosixPath

import pytest

from patchkit.csource.edit import apply_edits
from patchkit.kbuild.newcc.reads import files_read, tree_facts
from patchkit.kbuild.newcc.rewrite import Place, rewrite
from patchkit.kbuild.newcc.source import Source
from patchkit.kbuild.newcc.table import BUILD_RULES, SOURCE_RULES
from patchkit.snapshots.git_tree import git_tree

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
    for beside in (*case.glob("header.h"), *case.glob("checksum.S")):
        tree[path.with_name(beside.name)] = beside.read_bytes()
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


def unexplained(before: bytes, after: bytes, places: tuple[Place, ...]) -> list[int]:
    """The lines whose tokens differ though no place of a rule is on them; lines count from 1."""
    said = {place.line + more for place in places for more in range(place.before.count(b"\n") + 1)}
    pairs = zip(before.split(b"\n"), after.split(b"\n"), strict=True)
    differ = (line for line, (old, new) in enumerate(pairs, 1) if old.split() != new.split())
    return [line for line in differ if line not in said]


@pytest.mark.parametrize(
    "case",
    sorted(CASES.glob("*/*/before.*")),
    ids=lambda case: f"{case.parts[-3]}/{case.parts[-2]}",
)
def test_tokens_differ_only_where_a_rule_says(case: Path) -> None:
    path, text = PurePosixPath(PLACES[case.suffix]), case.read_bytes()
    new, places = rewrite(path, text, tree_facts({path: text}, {}))
    assert unexplained(text, new, places) == []
    if places:
        assert unexplained(text, new, ()) != []


@pytest.mark.history
def test_tokens_of_a_real_kernel_differ_only_where_a_rule_says(history: Path) -> None:
    read = git_tree(history, "2.4.0-test10").read
    sources = [PurePosixPath(name) for name in ("kernel/sched.c", "mm/vmscan.c", "fs/buffer.c")]
    texts, includes = files_read(sources, read, "i386")
    facts = tree_facts(texts, includes)
    counts = Counter[str]()
    for path, text in texts.items():
        new, places = rewrite(path, text, facts)
        assert unexplained(text, new, places) == [], path
        counts.update(place.rule for place in places)
    assert len(texts) > 100
    assert counts["asm-memory-clobber"] > counts["fastcall-definitions"] > 0
