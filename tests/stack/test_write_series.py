"""A ported series, written back: it applies exactly, and says what was adapted."""

from __future__ import annotations

import os
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patchkit.errors import Exit
from patchkit.flows.apply.apply_series import apply_series
from patchkit.flows.apply.write_series import MBOX, QUILT, ported_series
from patchkit.flows.intake.extract_mail import Extracted, extract_mail
from patchkit.mail.commit_text import with_commit_text
from patchkit.mail.read import messages
from patchkit.mail.written import written
from patchkit.patch.between import Side, changes_between
from patchkit.patch.model import Head, Patch, Person
from patchkit.patch.render import file_bytes
from patchkit.port.ladder.table import ADAPTING
from patchkit.port.outcome import SeriesReport
from patchkit.tree.base import Mode
from patchkit.tree.overlay import File, MemoryTree, Overlay
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
from tests.support.git import git

Files = Mapping[str, bytes]


def memory(files: Files) -> MemoryTree:
    return MemoryTree({PurePosixPath(name): File(data) for name, data in files.items()})


def carried(text: bytes, tree: MemoryTree) -> SeriesReport:
    return apply_series(extract_mail(messages(text, "stack.mbox")), tree, ladder=ADAPTING)


def change(old: Files, new: Files) -> bytes:
    def side(files: Files, name: str) -> Side | None:
        return Side(files[name], Mode.FILE.value) if name in files else None

    pairs = {PurePosixPath(n): (side(old, n), side(new, n)) for n in sorted({*old, *new})}
    return b"".join(file_bytes(one) for one in changes_between(pairs))


@pytest.mark.parametrize("form", ["mbox", "quilt"])
@pytest.mark.parametrize("target", [BASE, {"mm/a.c": b"int first;\n" + lines(), "mm/b.c": lines()}],
                         ids=["its base", "a moved target"])  # fmt: skip
def test_every_written_patch_applies_exactly(tmp_path: Path, form: str, target: Files) -> None:
    mbox = stack_mbox(tmp_path)
    tree = plain_target(tmp_path, target)
    place = tmp_path / "ported"
    done = patchkit("apply", mbox, "--tree", tree, "--format", form, "--write-series", place)
    assert done.returncode == 0, done.stderr
    assert content(tree) == target
    again = patchkit("apply", place, "--tree", tree, "--strict")
    assert again.returncode == 0, again.stdout
    ported = content(tree)
    whole = plain_target(tmp_path / "whole", target)
    patchkit("apply", mbox, "--tree", whole)
    assert ported == content(whole) != target


def test_git_takes_the_mbox_too(tmp_path: Path) -> None:
    mbox = stack_mbox(tmp_path)
    tree = git_target(tmp_path, BASE)
    ported = tmp_path / "ported.mbox"
    assert patchkit("apply", mbox, "--tree", tree, "--write-series", ported).returncode == 0
    git(tree, "am", "-q", str(ported))
    assert content(tree) == THREE
    commit = git(tmp_path / "made", "rev-parse", "HEAD")
    assert git(tree, "log", "-1", "--format=%B") == (
        f"patch-3\n\n(cherry picked from commit {commit})\n[ported from stack.mbox]"
    )


def test_without_a_place_the_mbox_is_the_output(tmp_path: Path) -> None:
    mbox = stack_mbox(tmp_path)
    tree = plain_target(tmp_path, BASE)
    done = patchkit("apply", mbox, "--tree", tree, "--format", "mbox")
    assert done.stdout.startswith("From 0000000000000000000000000000000000000000 Mon Sep 17")
    assert "3 patches in standard output" in done.stderr
    assert carried(done.stdout.encode(), memory(BASE)).exit(strict=True) is Exit.CLEAN


def test_what_is_there_already_is_left_out_and_named(tmp_path: Path) -> None:
    mbox = stack_mbox(tmp_path)
    there = {"mm/a.c": lines((5, "int five;")), "mm/b.c": lines((3, "int three;"))}
    tree = plain_target(tmp_path, there)
    place = tmp_path / "ported"
    done = patchkit("apply", mbox, "--tree", tree, "--write-series", place)
    assert f"2 patches in {place}; left out, for it is there: patch-1" in done.stdout
    assert (place / "series").read_text() == "0001-patch-2.patch\n0002-patch-3.patch\n"
    assert " [left out: mm/b.c: already there]\n" in (place / "0001-patch-2.patch").read_text()


def test_a_conflict_writes_no_series(tmp_path: Path) -> None:
    mbox = stack_mbox(tmp_path)
    tree = plain_target(tmp_path)
    place = tmp_path / "ported"
    done = patchkit("apply", mbox, "--tree", tree, "--write-series", place)
    assert done.returncode == 1
    assert not place.exists()


def test_a_resolved_stack_gives_the_series_that_was_made_of_it(tmp_path: Path) -> None:
    mbox = stack_mbox(tmp_path)
    tree = plain_target(tmp_path)
    place = tmp_path / "ported"
    patchkit("apply", mbox, "--tree", tree, "--markers", "--write-series", place)
    assert not place.exists()
    (tree / "mm/a.c").write_bytes(RESOLVED)
    assert patchkit("apply", "--continue", "--tree", tree).returncode == 0
    assert "[adapted: mm/a.c: resolved by hand]" in (place / "0002-patch-2.patch").read_text()
    fresh = plain_target(tmp_path / "fresh")
    done = patchkit("apply", place, "--tree", fresh, "--strict")
    assert done.returncode == 0, done.stdout
    assert content(fresh) == content(tree) != TARGET


def test_a_folder_with_something_else_in_it_is_refused(tmp_path: Path) -> None:
    mbox = stack_mbox(tmp_path)
    tree = plain_target(tmp_path, BASE)
    for ways in ([], ["--stop-at-conflict"]):
        done = patchkit("apply", mbox, "--tree", tree, "--write-series", tree, *ways)
        assert done.returncode == 2
        assert "has something else in it" in done.stderr
    assert content(tree) == BASE


def test_the_head_says_where_it_came_from_and_what_was_adapted() -> None:
    old = {"Makefile": b"VERSION = 2\nPATCHLEVEL = 4\nSUBLEVEL = 0\nEXTRAVERSION = -test10\n"}
    files = {**old, "mm/a.c": lines()}
    drifted = {**old, "mm/a.c": lines((18, "int value_18[2];"))}
    diff = change(files, {**files, "mm/a.c": lines((20, "int twenty;"))})
    mail = (
        b"From: A <a@example.org>\nSubject: [PATCH] mm: twenty\nMessage-ID: <1@example.org>\n\n"
        b"Why not.\n\nSigned-off-by: A <a@example.org>\n[b: typo]\n---\n" + diff
    )
    tree = memory(drifted)
    (patch,) = ported_series(carried(mail, tree), tree, MBOX)
    head = patch.text.decode().partition("\n---\n")[0]
    assert head.partition("Why not.\n\n")[2].split("\n") == [
        "Signed-off-by: A <a@example.org>",
        "[b: typo]",
        "[ported from <1@example.org>, base 2.4.0-test10]",
        "[adapted: mm/a.c, hunk 1: its context differs]",
    ]


def test_dep_3_fields_are_written_and_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "SOURCE_DATE_EPOCH", "972043200")
    files = {"mm/a.c": lines()}
    diff = change(files, {"mm/a.c": lines((20, "int twenty;"))})
    mail = (
        b"Description: mm: twenty\n Why not.\n .\n Signed-off-by: A <a@example.org>\n"
        b"Author: A <a@example.org>\nOrigin: upstream, https://example.org/1\n"
        b"Bug: https://example.org/2\nBug-Debian: https://example.org/3\nForwarded: no\n---\n"
        + diff
    )
    tree = memory(files)
    (patch,) = ported_series(carried(mail, tree), tree, QUILT)
    assert patch.name == "0001-mm-twenty.patch"
    assert patch.text.decode().partition("\n---\n")[0].split("\n") == [
        "Description: mm: twenty",
        " Why not.",
        " .",
        " Signed-off-by: A <a@example.org>",
        " [ported from stack.mbox]",
        "Author: A <a@example.org>",
        "Origin: upstream, https://example.org/1",
        "Bug: https://example.org/2",
        "Bug-Debian: https://example.org/3",
        "Forwarded: no",
        "Last-Update: 2000-10-20",
    ]
    (one,) = extract_mail(messages(patch.text, "x"))
    assert isinstance(one, Extracted)
    head = one.patch.head
    assert (head.subject, head.message) == ("mm: twenty", "Why not.")
    assert head.author == Person("A", "a@example.org")
    assert ("Bug-Debian", "https://example.org/3") in head.trailers


def test_a_dated_dep_3_head_is_no_page_of_an_archive() -> None:
    text = (
        b"Description: mm: twenty\n Why not.\n .\n [ported from <1@example.org>]\n"
        b"Author: A <a@example.org>\nDate: Mon, 06 Nov 2000 10:02:00 +0000\nOrigin: vendor\n---\n"
        + change({"mm/a.c": lines()}, {"mm/a.c": lines((20, "int twenty;"))})
    )
    (one,) = extract_mail(messages(text, "x"))
    assert isinstance(one, Extracted)
    head = one.patch.head
    assert (head.subject, head.author.name) == ("mm: twenty", "A")
    assert head.message == "Why not.\n\n[ported from <1@example.org>]"


def test_dep_3_fields_in_a_mails_form_are_kept() -> None:
    head = Head(trailers=(("Origin", "vendor"),))
    said = with_commit_text(head, b"Why not.\n\nSigned-off-by: A <a@example.org>\n")
    assert said.trailers == (("Signed-off-by", "A <a@example.org>"), ("Origin", "vendor"))


ODD = {
    "a/crlf.c": b"one\r\ntwo\r\nthree\r\n",
    "a/latin.c": b"/* \xe4\xf6\xfc */\nint x;\n",
    "a/open.c": b"int x;\nint y;",
    "a/going.c": lines(count=9),
    "a/moving.c": lines(count=30),
}
ODD_AFTER = {
    "a/crlf.c": b"one\r\n2\r\nthree\r\n",
    "a/latin.c": b"/* \xe4\xf6\xfc\xdf */\nint x;\n",
    "a/open.c": b"int x;\nint z;",
    "b/moved.c": lines((7, "int seven;"), count=30),
    "b/new.c": b"- \n-- \nFrom here\n--- a\n\n",
}


@pytest.mark.parametrize("form", [MBOX, QUILT])
def test_odd_files_come_out_as_they_went_in(form: str) -> None:
    tree = memory(ODD)
    report = carried(b"Subject: [PATCH] odd\n\nx\n---\n" + change(ODD, ODD_AFTER), tree)
    (patch,) = ported_series(report, tree, form)
    assert b"rename from a/moving.c\nrename to b/moved.c\n" in patch.text
    again = carried(patch.text, tree)
    assert again.exit(strict=True) is Exit.CLEAN
    result = Overlay(tree, again.changes)
    assert {str(path): result.read(path) for path in result.paths()} == ODD_AFTER


def test_a_mode_and_a_symlink_are_carried_over() -> None:
    diff = (
        b"diff --git a/run b/run\nold mode 100644\nnew mode 100755\n"
        b"diff --git a/link b/link\nnew file mode 120000\n--- /dev/null\n+++ b/link\n"
        b"@@ -0,0 +1 @@\n+run\n\\ No newline at end of file\n"
    )
    tree = memory({"run": b"#!/bin/sh\n"})
    (patch,) = ported_series(carried(diff, tree), tree, MBOX)
    again = carried(patch.text, tree)
    assert dict(again.changes) == {
        PurePosixPath("run"): File(b"#!/bin/sh\n", Mode.EXECUTABLE),
        PurePosixPath("link"): File(b"run", Mode.LINK),
    }


word = st.sampled_from(
    ["int a;", "int b;", "", "}", "{", "\treturn 0;", "-- ", "From x", "@@ -1 @@"]
)
text = st.lists(word, min_size=1, max_size=30).map(lambda rows: "\n".join(rows).encode() + b"\n")


@settings(deadline=None)
@given(st.lists(text, min_size=2, max_size=4))
def test_any_stack_that_lands_is_written_so_that_it_lands_exactly(versions: list[bytes]) -> None:
    tree = memory({"a.c": versions[0]})
    mails = [
        Patch(
            changes_between({PurePosixPath("a.c"): (Side(old, "100644"), Side(new, "100644"))}),
            Head(f"change {number}", Person("A", "a@example.org")),
        )
        for number, (old, new) in enumerate(pairwise(versions), 1)
        if old != new
    ]
    if not mails:
        return
    report = carried(b"".join(written(patch) + b"\n" for patch in mails), tree)
    if not report.landed:
        return
    series = b"".join(patch.text for patch in ported_series(report, tree, MBOX))
    if not series:
        return
    again = carried(series, tree)
    assert again.changes == report.changes
    assert again.exit(strict=True) is Exit.CLEAN
