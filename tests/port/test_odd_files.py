"""Files that are out of the ordinary: an answer or a refusal, and never a guess."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from patchkit.port import File, MemoryTree, Outcome, Ported, mend, port, taken_back
from patchkit.tree.base import Mode

PATH = PurePosixPath("drivers/table.h")


def carried(diff: bytes, **files: bytes) -> Ported:
    tree = {PurePosixPath(f"drivers/{name}.h"): File(data) for name, data in files.items()}
    return port(mend(diff), MemoryTree(tree))


def text_of(ported: Ported) -> bytes:
    file = ported.changes[PATH]
    assert file is not None
    return file.data


def diff_of(old: bytes, start: int, name: str = "table") -> bytes:
    head = f"--- a/drivers/{name}.h\n+++ b/drivers/{name}.h\n@@ -{start},3 +{start},3 @@\n"
    return head.encode() + old


def test_a_generated_table_of_60_000_lines_is_changed_where_its_numbers_say() -> None:
    lines = [b"#define REG_%05d 0x%08x\n" % (n, n * 4) for n in range(60_000)]
    body = b" %s-%s+#define REG_40001 0x0\n %s" % (lines[40_000], lines[40_001], lines[40_002])
    ported = carried(diff_of(body, 39_000), table=b"".join(lines))
    lines[40_001] = b"#define REG_40001 0x0\n"
    assert text_of(ported) == b"".join(lines)


def test_in_60_000_like_lines_nothing_is_guessed() -> None:
    ported = carried(diff_of(b" {0},\n-{0},\n+{1},\n {0},\n", 70_000), table=b"{0},\n" * 60_000)
    assert ported.report.outcome is Outcome.CONFLICT
    assert ported.changes == {}


def test_a_whole_file_that_is_replaced_by_another_must_be_the_one_meant() -> None:
    old = [b"int old_%d;\n" % n for n in range(50)]
    new = [b"int new_%d;\n" % n for n in range(50)]
    head = b"--- a/drivers/table.h\n+++ b/drivers/table.h\n@@ -1,50 +1,50 @@\n"
    diff = head + b"".join(b"-" + line for line in old) + b"".join(b"+" + line for line in new)
    assert text_of(carried(diff, table=b"".join(old))) == b"".join(new)
    edited = carried(diff, table=b"".join([*old[:25], b"int mine;\n", *old[26:]]))
    assert edited.report.outcome is Outcome.CONFLICT
    assert edited.changes == {}


def test_a_name_in_other_case_is_another_file_where_both_are_there() -> None:
    body = b" int a;\n-int b;\n+int B;\n int c;\n"
    text = b"int a;\nint b;\nint c;\n"
    both = carried(diff_of(body, 1), table=text, TABLE=text)
    assert set(both.changes) == {PATH}
    # Alone it is what the tree calls the file, and the report says so.
    only_other = carried(diff_of(body, 1), TABLE=text)
    assert set(only_other.changes) == {PATH.with_name("TABLE.h")}
    assert "drivers/table.h is drivers/TABLE.h here" in only_other.report.files[0].moved


COPY = b"""diff --git a/a.c b/b.c
similarity index 90%
copy from a.c
copy to b.c
--- a/a.c
+++ b/b.c
@@ -2,3 +2,3 @@
 int two;
-int three;
+int drei;
 int four;
"""
ORIGINAL = b"int one;\nint two;\nint three;\nint four;\nint five;\n"
COPIED = ORIGINAL.replace(b"three", b"drei")
A, B = PurePosixPath("a.c"), PurePosixPath("b.c")


def copy_taken_back(original: bytes, copied: bytes) -> tuple[Outcome, dict[PurePosixPath, object]]:
    ported = port(taken_back(mend(COPY)), MemoryTree({A: File(original), B: File(copied)}))
    return ported.report.outcome, dict(ported.changes)


def test_a_copy_that_the_patch_edited_is_taken_back_by_deleting_it() -> None:
    assert copy_taken_back(ORIGINAL, COPIED) == (Outcome.APPLIED, {B: None})


@pytest.mark.parametrize(
    ("original", "copied"),
    [(ORIGINAL, COPIED + b"int mine;\n"), (ORIGINAL + b"int mine;\n", COPIED)],
)
def test_a_copy_that_somebody_else_edited_too_is_not_deleted(
    original: bytes, copied: bytes
) -> None:
    assert copy_taken_back(original, copied) == (Outcome.CONFLICT, {})


def test_a_copy_and_its_original_are_taken_back_together() -> None:
    both = (
        COPY
        + b"diff --git a/a.c b/a.c\n--- a/a.c\n+++ b/a.c\n"
        + (b"@@ -1,2 +1,2 @@\n-int one;\n+int eins;\n int two;\n")
    )
    before = MemoryTree({A: File(ORIGINAL)})
    after = port(mend(both), before).changes
    ported = port(taken_back(mend(both)), MemoryTree({p: f for p, f in after.items() if f}))
    assert ported.changes == {A: File(ORIGINAL), B: None}


@pytest.mark.parametrize(
    ("mode", "modes"),
    [
        (Mode.LINK, b"old mode 100644\nnew mode 100755\n"),
        (Mode.FILE, b"new mode 120000\n"),
    ],
)
def test_a_change_of_mode_makes_no_file_of_a_symlink_nor_the_other_way(
    mode: Mode, modes: bytes
) -> None:
    tree = MemoryTree({A: File(b"b.c", mode)})
    ported = port(mend(b"diff --git a/a.c b/a.c\n" + modes), tree)
    assert (ported.report.outcome, dict(ported.changes)) == (Outcome.CONFLICT, {})


def test_utf8_letters_for_a_latin1_file_are_a_doubt_and_for_another_none() -> None:
    added = "+/* Jörg */\n"
    diff = diff_of(f" int a;\n-int b;\n{added} int c;\n".encode(), 2)
    old = b"int a;\nint b;\nint c;\n"
    utf8, latin1 = ("/* André */\n".encode(form) + old for form in ("utf-8", "latin-1"))
    doubts = [
        carried(diff, table=text).report.files[0].hunks[0].doubts for text in (utf8, latin1, old)
    ]
    assert doubts == [(), ("letters of its added lines are UTF-8, those of the file are not",), ()]
