"""The commit that changed a context line, with the line before and after."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

from patchkit.history.changed_lines import FAR, Fate, LineChange, changed_lines
from patchkit.snapshots.git_history import open_history
from tests.support.memory_history import FILE, MemoryHistory


def why(line: bytes, *texts: bytes | None, last: int | None = None) -> LineChange | None:
    known, whole = MemoryHistory(texts, last), MemoryHistory(texts)
    found = changed_lines([line], FILE, known, whole)
    return found[0] if found else None


def test_a_rewritten_line_has_its_successor() -> None:
    found = why(b"return a;", b"x\n\treturn a;\ny\n", b"x\n\treturn a + 1;\ny\n")
    assert found is not None
    assert found.fate is Fate.REWRITTEN
    assert (found.before, found.after) == (b"\treturn a;", b"\treturn a + 1;")
    assert found.origin.subject == "change 1"
    assert found.path == FILE


def test_a_removed_line_has_none() -> None:
    found = why(b"return a;", b"x\nreturn a;\ny\n", b"x\ny\n")
    assert found is not None
    assert (found.fate, found.before, found.after) == (Fate.REMOVED, b"return a;", None)


def test_a_line_replaced_by_something_else_counts_as_removed() -> None:
    found = why(b"return a;", b"x\nreturn a;\n", b"x\n#include <linux/mm.h>\n")
    assert found is not None
    assert found.fate is Fate.REMOVED


def test_the_nearest_change_is_told_where_a_line_came_and_went() -> None:
    found = why(b"a b c", b"a b c", b"", b"a b c", b"")
    assert found is not None
    assert found.origin.commit == "3"


def test_of_two_alike_the_one_that_went_counts() -> None:
    found = why(b"lock(a);", b"lock(a);\nx\nlock(a);\n", b"lock(a);\nx\nlock(a, 1);\n")
    assert found is not None
    assert found.after == b"lock(a, 1);"


def test_a_line_that_a_later_commit_adds_is_one_that_the_target_lacks() -> None:
    found = why(b"int b;", b"int a;", b"int a;\nint b;", b"int a;\nlong b;", last=1)
    assert found is not None
    assert (found.fate, found.before, found.after) == (Fate.LATER, None, b"int b;")
    assert found.origin.commit == "1"


def test_of_what_came_later_the_nearest_is_looked_through() -> None:
    # The line comes right behind the target, and changes that say nothing follow for years.
    years = [b"int b;\n" + bytes(f"int year_{number};", "ascii") for number in range(FAR + 5)]
    found = why(b"int b;", b"int a;", *years, last=1)
    assert found is not None
    assert (found.fate, found.origin.commit) == (Fate.LATER, "1")


def test_white_space_is_no_change() -> None:
    assert why(b"int  a;", b"int a;", b"\tint a;") is None


def test_a_line_that_never_was_has_no_reason() -> None:
    assert why(b"int z;", b"int a;", b"int b;") is None


def test_a_text_that_can_not_be_read_ends_nothing() -> None:
    found = why(b"int a;", b"int a;\n", b"\n", None)
    assert found is not None
    assert found.origin.commit == "1"


def test_lines_come_in_the_order_asked_and_once() -> None:
    history = MemoryHistory((b"a b\nc d\n", b"\n"))
    found = changed_lines([b"c d", b"", b"a b", b"c d"], FILE, history)
    assert [one.line for one in found] == [b"c d", b"a b"]


@pytest.mark.history
def test_a_real_context_line_and_the_commit_that_rewrote_it(indexed: Path) -> None:
    path = PurePosixPath("drivers/net/s2io.h")
    (found,) = changed_lines([b"(u64) ret <<= 32;"], path, open_history(indexed))
    assert (found.before, found.after) == (b"\t(u64) ret <<= 32;", b"\tret <<= 32;")
    assert found.origin.release == "v2.6.11-rc2"
    assert found.origin.subject == "[PATCH] Fix gcc4 compilation in s2io net driver"
