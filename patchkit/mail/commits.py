"""The commits of ``git log -p``, ``git show`` and ``hg export`` in one text, each by itself."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator

from patchkit.mail.date import parse_date

BEGIN = re.compile(
    rb"^(?:commit [0-9a-f]{7,64}(?: \([^\n]*\))?\r?\n(?:Merge: [^\n]*\n)?Author: "
    rb"|# HG changeset patch\r?$)",
    re.M,
)
DATE = re.compile(rb"^(?:Author)?Date: +([^\n]*)", re.M)


def split_commits(text: bytes) -> Iterator[tuple[bytes, int]]:
    """Each commit of *text* with its first line's number, from 1; the oldest first, where git's
    log has the newest first."""
    starts = [match.start() for match in BEGIN.finditer(text)] or [0]
    line = text.count(b"\n", 0, starts[0]) + 1
    commits = []
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        commits.append((text[start:end], line))
        line += text.count(b"\n", start, end)
    first, last = _date(commits[0][0]), _date(commits[-1][0])
    yield from reversed(commits) if first and last and first > last else commits


def _date(commit: bytes) -> datetime.datetime | None:
    match = DATE.search(commit)
    return parse_date(match[1].decode("ascii", "replace").strip()) if match else None
