"""Tables repeat their lines: a hunk whose context was rewritten lands at its place or nowhere."""

from __future__ import annotations

from pathlib import PurePosixPath

from hypothesis import given, settings
from hypothesis import strategies as st

from patchkit.port.outcome import Outcome
from patchkit.port.patch import port
from patchkit.repair.mend import mend
from patchkit.tree.overlay import File, MemoryTree

TABLE = PurePosixPath("table.c")
REWRITTEN = b" \t{ 0xbad0, OTHER },"


def rows(period: int, count: int) -> list[bytes]:
    return [b"\t{ 0x%04x, FLAG_%d }," % (i % period, i % period) for i in range(count)]


def hunk(lines: list[bytes], at: int, stated: int, rewritten: int) -> bytes:
    """Puts a line in front of index *at*; of its six lines of context one is another."""
    context = [b" " + line for line in lines[at - 3 : at + 3]]
    context[rewritten] = REWRITTEN
    body = b"\n".join([*context[:3], b"+\tfresh,", *context[3:]])
    head = b"--- a/table.c\n+++ b/table.c\n@@ -%d,6 +%d,7 @@\n" % (stated, stated)
    return head + body + b"\n"


@settings(deadline=None, max_examples=150)
@given(
    period=st.integers(1, 9),
    count=st.integers(24, 60),
    data=st.data(),
    rewritten=st.integers(0, 5),
    away=st.integers(-8, 8),
)
def test_a_row_lands_at_its_place_or_where_it_is_stated_or_nowhere(
    period: int, count: int, data: st.DataObject, rewritten: int, away: int
) -> None:
    lines = rows(period, count)
    at = data.draw(st.integers(3 + 8, count - 3 - 8))
    sent = hunk(lines, at, at - 2 + away, rewritten)
    tree = MemoryTree({TABLE: File(b"\n".join(lines) + b"\n")})
    ported = port(mend(sent), tree)
    if ported.report.outcome is Outcome.APPLIED:
        file = ported.changes[TABLE]
        assert file is not None
        assert file.data.split(b"\n").index(b"\tfresh,") in (at, at + away)


def test_a_row_of_a_table_without_a_line_of_its_own_is_a_conflict_that_lists_the_places() -> None:
    lines = rows(7, 21_000)
    ported = port(
        mend(hunk(lines, 10_003, 10_001, 0)),
        MemoryTree({TABLE: File(b"\n".join(lines) + b"\n")}),
    )
    assert ported.report.outcome is Outcome.CONFLICT


def test_a_line_of_its_own_tells_the_place() -> None:
    lines = rows(7, 70)
    lines[31] = b"\t{ 0x1234, ITS_OWN },"
    ported = port(
        mend(hunk(lines, 33, 37, 5)), MemoryTree({TABLE: File(b"\n".join(lines) + b"\n")})
    )
    file = ported.changes[TABLE]
    assert file is not None
    assert file.data.split(b"\n").index(b"\tfresh,") == 33
