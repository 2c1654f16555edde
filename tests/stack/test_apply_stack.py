"""``patchkit apply`` with a stack that stops at a conflict, as a user runs it."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.stack.stacks import (
    BASE,
    RESOLVED,
    TARGET,
    THREE,
    content,
    git_target,
    lines,
    patchkit,
    plain_target,
    stack_mbox,
)
from tests.support.git import commit, git

AFTER_ONE = {**TARGET, "mm/a.c": lines((5, "int five;"), (20, "long twenty;"))}
AT_THE_END = {
    "mm/a.c": RESOLVED,
    "mm/b.c": lines((3, "int three;"), (30, "int thirty;")),
    "mm/new.c": b"int n;\n",
}


@pytest.fixture
def mbox(tmp_path: Path) -> Path:
    return stack_mbox(tmp_path)


def cache() -> list[Path]:
    folder = Path(os.environ["PATCHKIT_CACHE"]) / "stacks"
    return list(folder.rglob("*.json")) if folder.exists() else []


def test_a_stack_without_conflict_is_written_and_leaves_no_state(
    mbox: Path, tmp_path: Path
) -> None:
    tree = plain_target(tmp_path, BASE)
    done = patchkit("apply", mbox, "--tree", tree, "--stop-at-conflict")
    assert done.returncode == 0, done.stderr
    assert content(tree) == THREE
    assert cache() == []


def test_a_stop_writes_what_landed_before_and_nothing_of_the_patch(
    mbox: Path, tmp_path: Path
) -> None:
    tree = plain_target(tmp_path)
    done = patchkit("apply", mbox, "--tree", tree, "--stop-at-conflict")
    assert done.returncode == 1
    assert content(tree) == AFTER_ONE
    assert "stopped at patch 2 of 3; its files: mm/a.c, mm/b.c" in done.stdout
    assert f"patchkit apply --continue --tree {tree}" in done.stdout
    assert len(cache()) == 2


def test_a_resolved_stack_is_carried_to_its_end(mbox: Path, tmp_path: Path) -> None:
    tree = plain_target(tmp_path)
    patchkit("apply", mbox, "--tree", tree, "--stop-at-conflict")
    (tree / "mm/a.c").write_bytes(RESOLVED)
    (tree / "mm/b.c").write_bytes(lines((3, "int three;")))
    done = patchkit("apply", "--continue", "--tree", tree)
    assert done.returncode == 0, done.stderr
    assert "patch 2/3: resolved by hand: mm/a.c, mm/b.c" in done.stdout
    assert content(tree) == AT_THE_END
    assert cache() == []


def test_markers_show_three_sides_and_must_go_before_it_goes_on(mbox: Path, tmp_path: Path) -> None:
    tree = plain_target(tmp_path)
    patchkit("apply", mbox, "--tree", tree, "--markers")
    text = (tree / "mm/a.c").read_text()
    assert (
        "int value_19;\n<<<<<<< tree\nlong twenty;\n||||||| expected by patch-2\nint value_20;\n"
        "=======\nint twenty;\n>>>>>>> patch-2\nint value_21;\n" in text
    )
    assert (tree / "mm/b.c").read_bytes() == lines((3, "int three;"))
    (tree / "mm/a.c").write_text(text.replace("int twenty;\n", "int 20;\n"))
    done = patchkit("apply", "--continue", "--tree", tree)
    assert done.returncode == 2
    assert "mm/a.c: has conflict markers in it still" in done.stderr
    (tree / "mm/a.c").write_bytes(RESOLVED)
    assert patchkit("apply", "--continue", "--tree", tree).returncode == 0
    assert content(tree) == AT_THE_END


def test_markers_and_rejects_can_be_had_together(mbox: Path, tmp_path: Path) -> None:
    tree = plain_target(tmp_path)
    patchkit("apply", mbox, "--tree", tree, "--markers", "--reject")
    assert "<<<<<<< tree\n" in (tree / "mm/a.c").read_text()
    assert "+int twenty;" in (tree / "mm/a.c.rej").read_text()
    (tree / "mm/a.c").write_bytes(RESOLVED)
    assert patchkit("apply", "--continue", "--tree", tree).returncode == 0
    assert content(tree) == AT_THE_END


RADIO = b"""#include "radio.h"

static int radio_open(struct radio *radio)
{
\tif (radio_users)
\t\treturn -EBUSY;
\tradio_lock(radio);
\tradio->volume = 5;
\tradio_%s(radio, 1);
%s\tradio_unlock(radio);
\treturn 0;
}
"""


def test_markers_show_a_proposal_that_was_not_believed(tmp_path: Path) -> None:
    made = tmp_path / "made"
    commit(made, {"radio.c": RADIO % (b"tune", b"")}, tag="base")
    commit(made, {"radio.c": RADIO % (b"tune", b"\tradio_tune(radio, 2);\n")}, tag="tune-twice")
    patch = tmp_path / "0001.patch"
    patch.write_text(git(made, "format-patch", "--stdout", "base") + "\n")
    tree = plain_target(
        tmp_path, {"radio.c": RADIO % (b"set_channel", b""), "radio.h": b"int radio_users;\n"}
    )
    done = patchkit("apply", patch, "--tree", tree, "--markers")
    assert done.returncode == 1
    assert "a proposal, not written:" in done.stdout
    mark = b"<<<<<<< tree\n=======\n\tradio_tune(radio, 2);\n>>>>>>> proposed for tune-twice\n"
    assert (tree / "radio.c").read_bytes() == RADIO % (b"set_channel", mark)
    assert patchkit("apply", "--continue", "--tree", tree).returncode == 2
    (tree / "radio.c").write_bytes(RADIO % (b"set_channel", b"\tradio_set_channel(radio, 2);\n"))
    assert patchkit("apply", "--continue", "--tree", tree).returncode == 0


def test_rejects_go_when_the_patch_is_resolved(mbox: Path, tmp_path: Path) -> None:
    tree = plain_target(tmp_path)
    done = patchkit("apply", mbox, "--tree", tree, "--reject")
    assert "+int twenty;" in (tree / "mm/a.c.rej").read_text()
    assert "refused hunks: mm/a.c.rej" in done.stdout
    (tree / "mm/a.c").write_bytes(RESOLVED)
    assert patchkit("apply", "--continue", "--tree", tree).returncode == 0
    assert content(tree) == AT_THE_END


def test_a_rej_file_of_somebodys_own_is_never_written_over(mbox: Path, tmp_path: Path) -> None:
    tree = plain_target(tmp_path, {**TARGET, "mm/a.c.rej": b"mine\n"})
    done = patchkit("apply", mbox, "--tree", tree, "--reject")
    assert done.returncode == 2
    assert "mm/a.c.rej: is there already" in done.stderr
    assert content(tree) == {**TARGET, "mm/a.c.rej": b"mine\n"}
    assert cache() == []


@pytest.mark.parametrize("way", ["--stop-at-conflict", "--markers", "--reject"])
def test_skip_takes_all_of_the_patch_away(mbox: Path, tmp_path: Path, way: str) -> None:
    tree = plain_target(tmp_path)
    patchkit("apply", mbox, "--tree", tree, way)
    (tree / "mm/a.c").write_bytes(b"half an idea\n")
    done = patchkit("apply", "--skip", "--tree", tree)
    assert done.returncode == 0, done.stderr
    expected = {"mm/b.c": lines((30, "int thirty;")), "mm/new.c": b"int n;\n"}
    assert content(tree) == {**AFTER_ONE, **expected}
    assert cache() == []


@pytest.mark.parametrize("way", ["--stop-at-conflict", "--markers", "--reject"])
def test_abort_puts_back_what_was_there(mbox: Path, tmp_path: Path, way: str) -> None:
    tree = plain_target(tmp_path)
    patchkit("apply", mbox, "--tree", tree, way)
    done = patchkit("apply", "--abort", "--tree", tree)
    assert done.returncode == 0, done.stderr
    assert content(tree) == TARGET
    assert cache() == []


def test_quit_forgets_and_leaves_the_tree(mbox: Path, tmp_path: Path) -> None:
    tree = plain_target(tmp_path)
    patchkit("apply", mbox, "--tree", tree, "--stop-at-conflict")
    assert patchkit("apply", "--quit", "--tree", tree).returncode == 0
    assert content(tree) == AFTER_ONE
    assert "no stack of patches is under way" in patchkit("apply", "--abort", "--tree", tree).stderr


def test_a_second_apply_is_refused_and_looking_is_not(mbox: Path, tmp_path: Path) -> None:
    tree = plain_target(tmp_path)
    patchkit("apply", mbox, "--tree", tree, "--stop-at-conflict")
    for more in ([], ["--stop-at-conflict"], ["--partial"]):
        done = patchkit("apply", mbox, "--tree", tree, *more)
        assert done.returncode == 2
        assert "is under way here: 'patchkit apply --continue' goes on" in done.stderr
    assert patchkit("apply", mbox, "--tree", tree, "--check").returncode == 1
    assert content(tree) == AFTER_ONE


def test_continue_with_nothing_resolved_is_refused(mbox: Path, tmp_path: Path) -> None:
    tree = plain_target(tmp_path)
    patchkit("apply", mbox, "--tree", tree, "--markers")
    before = content(tree)
    done = patchkit("apply", "--continue", "--tree", tree)
    assert done.returncode == 2
    assert "nothing was resolved since patchkit stopped" in done.stderr
    assert content(tree) == before


def test_a_file_of_an_earlier_patch_put_back_is_noticed(tmp_path: Path) -> None:
    first = {**BASE, "mm/c.c": b"int c;\n"}
    second = {**first, "mm/a.c": lines((20, "int twenty;"))}
    mbox = stack_mbox(tmp_path, (first, second))
    tree = plain_target(tmp_path)
    patchkit("apply", mbox, "--tree", tree, "--stop-at-conflict")
    (tree / "mm/c.c").unlink()
    (tree / "mm/a.c").write_bytes(RESOLVED)
    done = patchkit("apply", "--continue", "--tree", tree)
    assert done.returncode == 2
    assert "mm/c.c: is as it was before the stack" in done.stderr
    (tree / "mm/c.c").write_bytes(b"long c;\n")
    done = patchkit("apply", "--continue", "--tree", tree)
    assert done.returncode == 0
    assert "along with it, though the patch does not touch them: mm/c.c" in done.stdout


def test_commits_are_made_up_to_the_stop_and_of_the_resolution(mbox: Path, tmp_path: Path) -> None:
    tree = git_target(tmp_path)
    done = patchkit("apply", mbox, "--tree", tree, "--commit", "--markers")
    assert done.returncode == 1, done.stderr
    assert git(tree, "log", "--format=%s").split() == ["patch-1", "target"]
    assert (tree / ".git/patchkit/state.json").is_file()
    (tree / "mm/a.c").write_bytes(RESOLVED)
    (tree / "mm/more.h").write_bytes(b"#define MORE\n")
    git(tree, "add", "mm/more.h")
    (tree / "notes").write_bytes(b"not staged\n")
    done = patchkit("apply", "--continue", "--tree", tree)
    assert done.returncode == 0, done.stderr
    assert git(tree, "log", "--format=%s %an").split("\n") == [
        "patch-3 A Tester",
        "patch-2 A Tester",
        "patch-1 A Tester",
        "target A Tester",
    ]
    assert git(tree, "show", "--format=", "--name-only", "HEAD~1").split() == [
        "mm/a.c",
        "mm/b.c",
        "mm/more.h",
    ]
    assert git(tree, "status", "--porcelain") == "?? notes"
    assert content(tree) == {
        **AT_THE_END,
        "mm/more.h": b"#define MORE\n",
        "notes": b"not staged\n",
    }
    assert not (tree / ".git/patchkit").exists()


def test_skip_and_abort_in_a_git_tree_leave_it_clean(mbox: Path, tmp_path: Path) -> None:
    tree = git_target(tmp_path)
    before = git(tree, "rev-parse", "HEAD")
    patchkit("apply", mbox, "--tree", tree, "--commit", "--reject")
    done = patchkit("apply", "--abort", "--tree", tree)
    assert done.returncode == 0, done.stderr
    assert git(tree, "status", "--porcelain") == ""
    assert git(tree, "rev-parse", "HEAD") == before
    patchkit("apply", mbox, "--tree", tree, "--commit", "--markers")
    done = patchkit("apply", "--skip", "--tree", tree)
    assert done.returncode == 0, done.stderr
    assert git(tree, "log", "--format=%s").split() == ["patch-3", "patch-1", "target"]
    assert git(tree, "status", "--porcelain") == ""


def test_a_branch_that_moved_is_noticed(mbox: Path, tmp_path: Path) -> None:
    tree = git_target(tmp_path)
    patchkit("apply", mbox, "--tree", tree, "--commit", "--stop-at-conflict")
    (tree / "mm/a.c").write_bytes(RESOLVED)
    git(tree, "commit", "-q", "-am", "mine")
    for way in ("--continue", "--skip", "--abort"):
        done = patchkit("apply", way, "--tree", tree)
        assert done.returncode == 2
        assert "the branch was at" in done.stderr
    assert git(tree, "log", "-1", "--format=%s") == "mine"


def test_uncommitted_changes_in_the_patches_files_are_refused(mbox: Path, tmp_path: Path) -> None:
    tree = git_target(tmp_path)
    (tree / "mm/b.c").write_bytes(lines((50, "int mine;")))
    done = patchkit("apply", mbox, "--tree", tree, "--commit", "--markers")
    assert done.returncode == 2
    assert "mm/b.c: is not as the last commit has it" in done.stderr
    assert git(tree, "log", "--format=%s") == "target"
    assert content(tree) == {**TARGET, "mm/b.c": lines((50, "int mine;"))}


def test_patches_without_numbers_are_put_into_the_order_that_they_need(tmp_path: Path) -> None:
    new = {**BASE, "mm/a.c": lines((20, "int twenty;"))}
    newer = {**BASE, "mm/a.c": lines((20, "long twenty;"))}
    made = tmp_path / "made"
    stack_mbox(tmp_path, (new, newer, THREE))
    names = git(made, "format-patch", "-N", "-o", str(tmp_path), "base").split("\n")
    mails = [Path(names[index]) for index in (1, 0, 2)]
    expected = THREE
    for ways in ([], ["--stop-at-conflict"]):
        tree = plain_target(tmp_path / f"with{len(ways)}", BASE)
        done = patchkit("apply", *mails, "--tree", tree, *ways)
        assert done.returncode == 0, done.stdout
        assert "order: patch-2 goes behind the patches that it needs" in done.stdout
        assert content(tree) == expected


def test_a_stack_that_was_put_into_order_goes_on_in_it(tmp_path: Path) -> None:
    new = {**BASE, "mm/b.c": lines((20, "int twenty;"))}
    newer = {**BASE, "mm/b.c": lines((20, "long twenty;"))}
    made = tmp_path / "made"
    stack_mbox(tmp_path, (new, newer, {**newer, "mm/a.c": lines((20, "int twenty;"))}))
    names = git(made, "format-patch", "-N", "-o", str(tmp_path), "base").split("\n")
    tree = plain_target(tmp_path)
    mails = [Path(names[index]) for index in (2, 1, 0)]
    assert patchkit("apply", *mails, "--tree", tree, "--stop-at-conflict").returncode == 1
    (tree / "mm/a.c").write_bytes(RESOLVED)
    done = patchkit("apply", "--continue", "--tree", tree)
    assert done.returncode == 0, done.stderr
    assert content(tree) == {"mm/a.c": RESOLVED, "mm/b.c": newer["mm/b.c"]}


def test_json_says_where_the_stack_is(mbox: Path, tmp_path: Path) -> None:
    tree = plain_target(tmp_path)
    done = patchkit("apply", mbox, "--tree", tree, "--stop-at-conflict", "--format", "json")
    document = json.loads(done.stdout)
    assert document["schema"] == "patchkit.apply/1"
    assert document["stack"] == {
        "first": 1,
        "total": 3,
        "commits": 0,
        "resolved": [],
        "along": [],
        "stopped_at": 2,
        "files": ["mm/a.c", "mm/b.c"],
    }


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("--continue", "--skip"), "only one can be meant"),
        (("x.mbox", "--continue"), "take no patches"),
        (("--stop-at-conflict",), "Missing argument"),
        ((), "Missing argument"),
        (("x.mbox", "--markers", "--check"), "is written into a tree"),
        (("--continue",), "no stack of patches is under way"),
    ],
)
def test_options_that_make_no_sense_are_refused(
    tmp_path: Path, arguments: tuple[str, ...], complaint: str
) -> None:
    done = patchkit("apply", *arguments, "--tree", tmp_path)
    assert done.returncode == 2
    assert complaint in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_damaged_state_says_how_to_get_rid_of_it(mbox: Path, tmp_path: Path) -> None:
    tree = git_target(tmp_path)
    patchkit("apply", mbox, "--tree", tree, "--stop-at-conflict")
    (tree / ".git/patchkit/state.json").write_text("{}")
    done = patchkit("apply", "--continue", "--tree", tree)
    assert done.returncode == 2
    assert "it is damaged; 'patchkit apply --quit' forgets the stack" in done.stderr
    assert patchkit("apply", "--quit", "--tree", tree).returncode == 0


def test_a_git_file_that_points_elsewhere_gets_no_state(mbox: Path, tmp_path: Path) -> None:
    tree = plain_target(tmp_path)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tree / ".git").write_text(f"gitdir: {elsewhere}\n")
    patchkit("apply", mbox, "--tree", tree, "--stop-at-conflict")
    assert list(elsewhere.iterdir()) == []
