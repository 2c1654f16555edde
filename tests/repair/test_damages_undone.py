"""What a mailer does is undone: diffs at random, each damage on its own and after prose."""

from __future__ import annotations

import contextlib
import re
from pathlib import PurePosixPath

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from patchkit.errors import InputError
from patchkit.patch.diff import change_between
from patchkit.patch.raw import scan
from patchkit.patch.render import file_bytes
from patchkit.port.outcome import Outcome
from patchkit.port.patch import port
from patchkit.repair.mend import mend
from patchkit.repair.reading import readings
from patchkit.repair.wrapped_lines import Widths
from patchkit.tree.overlay import File, MemoryTree
from tests.support.mailers import LOSING, LOSSLESS, wrapped

PATH = PurePosixPath("drivers/char/lamp.c")
LINES = (
    b"",
    b"#include <linux/lamp.h>",
    b"int lamp_set(struct lamp *lamp, int level)",
    b"{",
    b"}",
    b"\tif (level > LAMP_MAX && lamp->nr >= 0)",
    b"\t\treturn -EINVAL;",
    b"\tlamp->level = level;",
    b"\tlamp->count--;",
    b"\t--lamp->count;",
    b'\tprintk(KERN_INFO "lamp%d: level %d\\n", lamp->nr, level);',
    b'\tprintk(KERN_WARNING "lamp%d: the level %d is higher than any lamp has\\n", nr, level);',
    b"\tlamp_of_the_house_next_door(lamp, level, lamp->count, LAMP_MAX) - lamp_zero(lamp, level);",
    b"\t/* the lamp is lit: nobody may look into it */",
    b"#define LAMP_MAX 9",
    b"out:",
    b"\treturn lamp->count & LAMP_MASK;",
)


@st.composite
def versions(draw: st.DrawFn) -> tuple[bytes, bytes]:
    """A file before and after a change. Every third line is numbered: the same line everywhere
    would make many places fit."""
    old = draw(st.lists(st.sampled_from(LINES), min_size=6, max_size=30))
    old = [
        line + b" /* %d */" % at if at % 3 == 0 and line else line for at, line in enumerate(old)
    ]
    new = list(old)
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(new)))
        stop = min(len(new), at + draw(st.integers(0, 2)))
        new[at:stop] = draw(st.lists(st.sampled_from(LINES[1:]), max_size=3))
    joined = [b"".join(line + b"\n" for line in side) for side in (old, new)]
    return joined[0], joined[1]


def diff_of(old: bytes, new: bytes) -> bytes:
    return file_bytes(change_between(PATH, old, new))


def mended_text(text: bytes) -> bytes:
    return b"".join(file_bytes(file.change) for file in mend(text).files)


# What a damage changes on lines that are not added shows that it is one.
PROOF = {"a page's lines": rb"[<>&]", "entities": rb"[<>&]", "quoted-printable": rb"=|[ \t]$"}


@pytest.mark.parametrize("name", LOSSLESS)
@given(sides=versions())
@settings(max_examples=40, deadline=None)
def test_a_damage_that_loses_nothing_is_undone(name: str, sides: tuple[bytes, bytes]) -> None:
    diff = diff_of(*sides)
    if name in PROOF:
        # Entities and escapes on added lines alone may be what the author adds: they stay.
        kept = [line for line in diff.split(b"\n") if not line.startswith(b"+")]
        assume(re.search(PROOF[name], b"\n".join(kept), re.MULTILINE))
    if b"@@" in diff:
        assert mended_text(LOSSLESS[name](diff)) == diff
        assert mended_text(b"Hello,\n\nplease apply.\n\n" + LOSSLESS[name](diff)) == diff


@given(sides=versions())
@settings(max_examples=60, deadline=None)
def test_a_sound_diff_stays_as_it_is(sides: tuple[bytes, bytes]) -> None:
    diff = diff_of(*sides)
    if b"@@" in diff:
        assert mended_text(diff) == diff
        assert mend(diff).repairs == ()


@pytest.mark.parametrize("name", LOSING)
@given(sides=versions())
@settings(max_examples=40, deadline=None)
def test_what_lands_after_lost_white_space_has_the_right_words(
    name: str, sides: tuple[bytes, bytes]
) -> None:
    """Or does not land: a change may be of white space only, or stand at two places."""
    old, new = sides
    diff = diff_of(old, new)
    if b"@@" not in diff:
        return
    # By its first line git would vouch for the white space.
    ungit = diff.split(b"\n", 1)[1]
    ported = port(mend(LOSING[name](ungit)), MemoryTree({PATH: File(old)}))
    if ported.report.outcome is Outcome.APPLIED:
        file = ported.changes[PATH]
        assert file is not None
        assert [line.split() for line in file.data.split(b"\n")] == [
            line.split() for line in new.split(b"\n")
        ]


@given(sides=versions())
@settings(max_examples=60, deadline=None)
def test_wrapped_lines_land_right_or_not_at_all(sides: tuple[bytes, bytes]) -> None:
    old, new = sides
    diff = diff_of(old, new)
    if b"@@" in diff:
        ported = port(mend(wrapped(diff, 76)), MemoryTree({PATH: File(old)}))
        if ported.report.outcome is Outcome.APPLIED:
            file = ported.changes[PATH]
            assert file is not None
            assert file.data == new


@given(
    body=st.lists(
        st.one_of(
            st.binary(max_size=40).map(lambda text: text.replace(b"\n", b"")),
            st.sampled_from(
                (b" x", b"+x", b"-x", b"", b"-- ", b"\\ No newline", b"@@", b"+", b"-")
            ),
        ),
        min_size=1,
        max_size=30,
    ),
    counts=st.tuples(st.integers(0, 12), st.integers(0, 12)),
)
@settings(max_examples=200, deadline=None)
def test_any_bytes_have_readings_and_none_invents_a_line(
    body: list[bytes], counts: tuple[int, int]
) -> None:
    head = [b"--- a/x", b"+++ b/x", b"@@ -1,%d +1,%d @@" % counts]
    for raw in scan([*head, *body]):
        for hunk in raw.hunks:
            words = b"".join(hunk.body).split()
            for reading in readings(hunk, Widths.of(hunk.body)):
                assert len(reading.hunk.lines) <= len(hunk.body)
                assert reading.cost >= 0
                text = b"".join(line.text for line in reading.hunk.lines)
                assert len(b"".join(text.split())) <= len(b"".join(words))


@given(text=st.binary(max_size=400), tail=st.booleans())
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_mended_or_refused(text: bytes, *, tail: bool) -> None:
    diff = b"--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n"
    with contextlib.suppress(InputError):
        mend(text + b"\n" + diff if tail else diff + text)
