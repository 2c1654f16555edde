"""Input made to be slow: each of these would run for hours if a reading or a pattern were more
than linear."""

from __future__ import annotations

import contextlib

import pytest

from patchkit.errors import InputError
from patchkit.repair.mend import mend
from patchkit.repair.wrapped_lines import PIECES

HEAD = b"--- a/x\n+++ b/x\n@@ -1,3 +1,3 @@\n"
SOUND = HEAD + b" a\n-b\n+c\n d\n"
HOSTILE = {
    "marks of quoting without an end": b"> JD" * 100_000 + b"--- a/x\n> --- " + SOUND,
    "links without an end": HEAD + b" a\n-b\n+" + b"<a href=x" * 100_000 + b"\n c\n",
    "addresses without an end": HEAD + b" a\n-b\n+" + b"a." * 500_000 + b"@<mailto:\n c\n",
    "heads without hunks": b"--- a/x\n" * 100_000 + SOUND,
    "heads with long dashes": ("\u2014- a\n+++ b\n" * 20_000).encode() + SOUND,
    "one line of ten megabytes": HEAD + b" a\n-b\n+" + b" x" * 5_000_000 + b"\n c\n",
    "footers without an end": HEAD + b" a\n-b\n" + b"To unsubscribe from this list: x\n" * 50_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_mended_or_refused(name: str) -> None:
    with contextlib.suppress(InputError):
        mend(HOSTILE[name])


def test_a_line_is_made_of_so_many_pieces_and_no_more() -> None:
    piece = b"\tlamp " + b"z" * 60 + b"\n"
    text = b"--- a/x\n+++ b/x\n@@ -1,400 +1,400 @@\n" + piece * 399 + b"-a\n+b\n"
    for file in mend(text).files:
        for ways in file.readings:
            for way in ways:
                longest = max(len(line.text) for line in way.hunk.lines)
                assert longest <= (PIECES + 1) * (len(piece) + 1)
