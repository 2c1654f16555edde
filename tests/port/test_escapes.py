"""A mailer's escapes or the author's text: the lines of the tree decide, and never a guess."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from patchkit.port import File, MemoryTree, Outcome, mend, port, taken_back

PATH = PurePosixPath("a.sh")


def text(*lines: str) -> bytes:
    return "".join(f"{line}\n" for line in ("one", "two", *lines, "five", "six")).encode()


def diff(removed: str, added: str, context: str = "five") -> bytes:
    return (
        f"--- a/a.sh\n+++ b/a.sh\n@@ -1,5 +1,5 @@\n one\n two\n-{removed}\n+{added}\n"
        f" {context}\n six\n"
    ).encode()


def result(patch: bytes, tree: bytes, *, back: bool = False) -> bytes | Outcome:
    mended = taken_back(mend(patch)) if back else mend(patch)
    ported = port(mended, MemoryTree({PATH: File(tree)}))
    if ported.report.outcome is Outcome.CONFLICT:
        assert not ported.changes
        return Outcome.CONFLICT
    file = ported.changes[PATH]
    assert file is not None
    return file.data


def test_the_trees_own_number_is_no_escape() -> None:
    assert result(diff("x=20", "y"), text("x=20")) == text("y")


def test_escapes_of_a_mailer_are_decoded() -> None:
    assert result(diff("x=3D1", "x=3D2"), text("x=1")) == text("x=2")


def test_escapes_of_a_mailer_are_decoded_to_take_the_patch_back() -> None:
    assert result(diff("x=3D1", "x=3D2"), text("x=2"), back=True) == text("x=1")


@pytest.mark.parametrize("removed", ["x=20", "say &lt;b", "x=3D1"])
def test_lines_that_come_back_and_may_be_either_are_a_conflict(removed: str) -> None:
    assert result(diff(removed, "y"), text("y"), back=True) is Outcome.CONFLICT


def test_entities_that_the_tree_has_are_its_text() -> None:
    page = diff("say &lt;b", "say &gt;b")
    assert result(page, text("say &lt;b")) == text("say &gt;b")
    assert result(page, text("say &gt;b"), back=True) == text("say &lt;b")
    assert result(page, text("say <b")) == text("say >b")


def test_context_that_the_tree_has_as_it_stands_decides_for_added_lines() -> None:
    patch = diff("old", "y=20", context="five=20")
    tree = text("old").replace(b"five", b"five=20")
    assert result(patch, tree) == tree.replace(b"old", b"y=20")


def test_where_the_tree_has_lines_of_both_the_form_that_lands_is_meant() -> None:
    patch = diff("old", "y=3D1", context="five=3D1")
    tree = b"one\ntwo\nold\nfive=1\nsix\nfive=3D1\n"
    assert result(patch, tree) == tree.replace(b"old", b"y=1")


def test_a_blank_line_that_the_tree_does_not_have_as_an_escape_is_blank() -> None:
    hunk = b"@@ -1,6 +1,7 @@\n one\n two\n three\n+y =3D 1;\n four\n=20\n six\n"
    patch = b"--- a/a.sh\n+++ b/a.sh\n" + hunk
    tree = b"one\ntwo\nthree\nfour\n\nsix\n"
    assert result(patch, tree) == b"one\ntwo\nthree\ny = 1;\nfour\n\nsix\n"
