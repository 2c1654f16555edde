"""Context diffs (``diff -c``), the older custom: written anew as unified ones.

Each hunk shows the lines before and the lines after apart, ``!`` before what changed; a side
without changes may be left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from patchkit.repair.damage import Confidence, Repair

KIND = "context-diff"
STARS = re.compile(rb"\*{15}")
OLD_SIDE = re.compile(rb"\*\*\* (\d{1,9})(?:,(\d{1,9}))? \*{4}\s*$")
NEW_SIDE = re.compile(rb"--- (\d{1,9})(?:,(\d{1,9}))? -{4}\s*$")
NO_NEWLINE = b"\\ No newline"


class _Side(NamedTuple):
    """One side of a hunk: its first line's number, its lines with their two-byte markers, and
    the index below it."""

    start: int
    lines: list[bytes]
    end: int


def mend(lines: list[bytes]) -> tuple[list[bytes], list[Repair]]:
    """*lines* with every context diff as a unified one, padded by blank lines so that what stands
    below keeps its line number. One whose sides contradict each other is left as it is."""
    out: list[bytes] = []
    repairs: list[Repair] = []
    at = 0
    while at < len(lines):
        found = _file(lines, at) if lines[at].startswith(b"*** ") else None
        if found is None:
            out.append(lines[at])
            at += 1
            continue
        unified, end = found
        repairs.append(Repair(KIND, at + 1, Confidence.CERTAIN))
        out += unified
        at = end
    return (out, repairs) if repairs else (lines, [])


def _file(lines: list[bytes], at: int) -> tuple[list[bytes], int] | None:
    """The file's diff that begins at index *at* as unified lines, and the index below it."""
    if at + 2 >= len(lines) or not lines[at + 1].startswith(b"--- "):
        return None
    if not STARS.match(lines[at + 2]) or OLD_SIDE.match(lines[at]):
        return None
    out = [b"--- " + lines[at][4:], b"+++ " + lines[at + 1][4:]]
    start = at
    at += 2
    while at < len(lines) and STARS.match(lines[at]):
        hunk = _hunk(lines, at)
        if hunk is None:
            return None
        unified, end = hunk
        # Context stands twice in a context diff, so that there is room.
        out += unified + [b""] * (end - start - len(out) - len(unified))
        at = end
    return out, at


def _hunk(lines: list[bytes], at: int) -> tuple[list[bytes], int] | None:
    section = lines[at].lstrip(b"*").strip()
    old = _side(lines, at + 1, OLD_SIDE, b"!-")
    new = _side(lines, old.end, NEW_SIDE, b"!+") if old else None
    if old is None or new is None:
        return None
    before = old.lines or [line for line in new.lines if line[:1] not in b"!+"]
    after = new.lines or [line for line in old.lines if line[:1] not in b"!-"]
    body = list(_merged(before, after))
    if not body or b"" in body:
        return None
    counts = len(before) - _remarks(before), len(after) - _remarks(after)
    head = b"@@ -%d,%d +%d,%d @@" % (old.start, counts[0], new.start, counts[1])
    return [head + (b" " + section if section else b""), *body], new.end


def _side(lines: list[bytes], at: int, head: re.Pattern[bytes], marks: bytes) -> _Side | None:
    match = head.match(lines[at]) if at < len(lines) else None
    if match is None:
        return None
    first, last = int(match[1]), int(match[2] or match[1])
    count = last - first + 1 if last else 0
    found: list[bytes] = []
    at += 1
    left = count
    while at < len(lines) and left and _is_line(lines[at], marks):
        found.append(lines[at] or b"  ")
        at += 1
        left -= 1
        if at < len(lines) and lines[at].startswith(NO_NEWLINE):
            found.append(lines[at])
            at += 1
    return _Side(first, found, at) if left in (0, count) else None


def _is_line(line: bytes, marks: bytes) -> bool:
    """Is *line* one of a hunk's side? Of an empty context line mailers may have left nothing."""
    return line[:2] in (b"  ", b"") or (line[:1] in marks and line[1:2] in (b" ", b""))


def _remarks(lines: list[bytes]) -> int:
    return sum(line.startswith(NO_NEWLINE) for line in lines)


def _merged(before: list[bytes], after: list[bytes]) -> Iterator[bytes]:
    """The lines of a unified hunk; an empty one where the two sides contradict each other."""
    old, new = 0, 0
    while old < len(before) or new < len(after):
        if old < len(before) and before[old][:1] in b"!-\\":
            yield _unified(b"-", before[old])
            old += 1
        elif new < len(after) and after[new][:1] in b"!+\\":
            yield _unified(b"+", after[new])
            new += 1
        elif old < len(before) and new < len(after) and before[old] == after[new]:
            yield _unified(b" ", before[old])
            old += 1
            new += 1
        else:
            yield b""
            return


def _unified(marker: bytes, line: bytes) -> bytes:
    return line if line.startswith(NO_NEWLINE) else marker + line[2:]
