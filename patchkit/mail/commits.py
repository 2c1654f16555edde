"""The commits of ``git log -p``, ``git show`` and ``hg export`` in one text, each by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

BEGIN = re.compile(
    rb"^(?:commit [0-9a-f]{7,64}(?: \([^\n]*\))?\r?\n(?:Merge: [^\n]*\n)?Author: "
    rb"|# HG changeset patch\r?$)",
    re.M,
)


def split_commits(text: bytes) -> Iterator[tuple[bytes, int]]:
    """Each commit of *text* with its first line's number, from 1; git's log names the newest
    first, and so they come."""
    starts = [match.start() for match in BEGIN.finditer(text)] or [0]
    line = text.count(b"\n", 0, starts[0]) + 1
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        yield text[start:end], line
        line += text.count(b"\n", start, end)
