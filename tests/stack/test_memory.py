"""A conflict that was resolved by hand is resolved so again: only where all is identical."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patchkit.port.remembered import learned, replayed
from patchkit.stack.memory import Memory
from tests.stack.stacks import (
    RESOLVED,
    TARGET,
    content,
    lines,
    patchkit,
    plain_target,
    stack_mbox,
)
from tests.support.git import git

RESOLVED_TREE = {
    "mm/a.c": RESOLVED,
    "mm/b.c": lines((3, "int three;"), (30, "int thirty;")),
    "mm/new.c": b"int n;\n",
}


@pytest.fixture
def taught(tmp_path: Path) -> Path:
    """The stack, resolved once on a tree of its own."""
    mbox = stack_mbox(tmp_path)
    tree = plain_target(tmp_path / "first")
    patchkit("apply", mbox, "--tree", tree, "--markers")
    (tree / "mm/a.c").write_bytes(RESOLVED)
    assert patchkit("apply", "--continue", "--tree", tree).returncode == 0
    return mbox


def test_the_same_conflict_is_resolved_as_before(taught: Path, tmp_path: Path) -> None:
    tree = plain_target(tmp_path)
    done = patchkit("apply", taught, "--tree", tree, "--format", "json")
    assert done.returncode == 0
    assert content(tree) == RESOLVED_TREE
    hows = [h["how"] for f in json.loads(done.stdout)["files"] for h in f["hunks"]]
    assert hows.count("remembered") == 1
    checked = patchkit("apply", taught, "--tree", plain_target(tmp_path / "strict"), "--strict")
    assert checked.returncode == 3


def test_what_was_resolved_so_is_there_already_the_second_time(
    taught: Path, tmp_path: Path
) -> None:
    tree = plain_target(tmp_path)
    git(tree, "init", "-q")
    git(tree, "add", "-A")
    git(tree, "commit", "-q", "-m", "linux")
    assert patchkit("apply", taught, "--tree", tree, "--commit").returncode == 0
    tip = git(tree, "rev-parse", "HEAD")
    done = patchkit("apply", taught, "--tree", tree, "--commit", "--format", "json")
    assert done.returncode == 0
    hunks = [h for f in json.loads(done.stdout)["files"] for h in f["hunks"]]
    assert {hunk["outcome"] for hunk in hunks} == {"already"}
    assert [hunk["how"] for hunk in hunks].count("remembered") == 1
    assert content(tree) == RESOLVED_TREE
    assert git(tree, "rev-parse", "HEAD") == tip


def test_a_stack_does_not_stop_at_it(taught: Path, tmp_path: Path) -> None:
    tree = plain_target(tmp_path)
    assert patchkit("apply", taught, "--tree", tree, "--stop-at-conflict").returncode == 0
    assert content(tree) == RESOLVED_TREE


def test_lines_that_moved_as_a_whole_are_still_the_same(taught: Path, tmp_path: Path) -> None:
    above = b"int above;\n" * 9
    tree = plain_target(tmp_path, {**TARGET, "mm/a.c": above + TARGET["mm/a.c"]})
    assert patchkit("apply", taught, "--tree", tree).returncode == 0
    assert content(tree) == {**RESOLVED_TREE, "mm/a.c": above + RESOLVED}


@pytest.mark.parametrize("line", [15, 18, 22, 25])
def test_another_line_near_it_makes_it_another_conflict(
    taught: Path, tmp_path: Path, line: int
) -> None:
    files = {**TARGET, "mm/a.c": lines((20, "long twenty;"), (line, "int other;"))}
    tree = plain_target(tmp_path, files)
    assert patchkit("apply", taught, "--tree", tree).returncode == 1
    assert content(tree) == files


def test_it_can_be_turned_off(taught: Path, tmp_path: Path) -> None:
    tree = plain_target(tmp_path)
    assert patchkit("apply", taught, "--tree", tree, "--no-memory").returncode == 1
    assert content(tree) == TARGET


def test_two_places_that_are_alike_are_nobodys_guess(taught: Path, tmp_path: Path) -> None:
    files = {**TARGET, "mm/a.c": TARGET["mm/a.c"] * 2}
    tree = plain_target(tmp_path, files)
    assert patchkit("apply", taught, "--tree", tree).returncode == 1
    assert content(tree) == files


def test_what_is_damaged_in_the_cache_is_not_believed(taught: Path, tmp_path: Path) -> None:
    (kept,) = (Path(os.environ["PATCHKIT_CACHE"]) / "resolutions").rglob("*.json")
    row = json.loads(kept.read_bytes())
    (memory,) = [Memory(kept.parent.parent)]
    assert len(list(memory.recall(kept.parent.name))) == 1
    for damage in (b"", b"[]", b'{"before": 1, "after": []}'):
        kept.write_bytes(damage)
        assert list(memory.recall(kept.parent.name)) == []
    row["before"][0] = "int other;"
    kept.write_text(json.dumps(row))
    assert list(memory.recall(kept.parent.name)) == []


block = st.lists(st.sampled_from([b"a", b"b", b"c", b"", b"}"]), min_size=1, max_size=12)


@settings(deadline=None)
@given(block, block, st.data())
def test_what_was_learned_of_a_text_gives_the_same_text_again(
    old: list[bytes], new: list[bytes], data: st.DataObject
) -> None:
    before, after = (b"\n".join(rows) + b"\n" for rows in (old, new))
    start = data.draw(st.integers(0, len(old)))
    found = learned(before, after, (start, data.draw(st.integers(start, len(old)))))
    if found is None:
        assert before == after
        return
    again = replayed(before, [found])
    # A short text may hold the block twice, and then nothing is done.
    assert again is None or again.data == after
    assert again is not None or len(found.before) < len(old)
