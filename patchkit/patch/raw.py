"""A diff as it was received: where its parts are, nothing judged.

unidiff can't hold a damaged patch (it raises on the founding mail, and drops a line where a count
is too small), so the parts are found first, mended next, and parsed strictly last.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

HUNK = re.compile(rb"@@\s*-(\d+)(?:,(\d+))?\s+\+(\d+)(?:,(\d+))?\s*@@(.*)", re.S)
PLUS = re.compile(rb"\+\+\+ ")
GIT = re.compile(rb"diff --(?:git|cc|combined) ")
# What git writes between "diff --git" and the hunks, and only there.
EXTENDED = re.compile(
    rb"(?:index [0-9a-f]+\.\.|(?:old|new|deleted file|new file) mode \d|similarity index "
    rb"|dissimilarity index |(?:rename|copy) (?:from|to) |GIT binary patch|Binary files )"
)
# Lines that stand above a file's diff and belong to it, by the tools that write them.
PREAMBLE = re.compile(rb"(?:diff -|Index: |={67}|RCS file: |retrieving revision |=====)")
# A mailer that wraps may cut each head line once or twice: the date has blanks.
WRAPPED_HEAD_LINES = 3


@dataclass(frozen=True, slots=True)
class RawHunk:
    """A ``@@`` line as declared and every line down to the next head or the end of the text.

    ``lineno`` is the ``@@`` line's, ``body_lineno`` that of the first line of ``body``; both count
    from 1. ``body`` may run on into a signature or prose: only the counts tell, if they are right.
    """

    lineno: int
    body_lineno: int
    old_start: int
    old_count: int
    new_start: int
    new_count: int
    section: bytes
    body: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class RawFile:
    """One file's part of a diff. Labels are what follows ``---`` and ``+++``, dates included;
    both are empty where git wrote no such lines (a pure rename, a mode change, a binary)."""

    lineno: int
    old_label: bytes
    new_label: bytes
    git: tuple[bytes, ...] = ()
    hunks: tuple[RawHunk, ...] = ()


@dataclass(frozen=True, slots=True)
class _Head:
    """A file's head found at line index ``start``; its hunks begin at index ``end``."""

    start: int
    end: int
    old_label: bytes
    new_label: bytes
    git: tuple[bytes, ...]


def scan(lines: Sequence[bytes]) -> tuple[RawFile, ...]:
    """The files of every diff in *lines* (without their newlines), in order; empty when there
    is none. Text between them is left out, but for what follows a file's last hunk."""
    heads = list(_heads(lines))
    ends = [*(head.start for head in heads), len(lines)][1:]
    return tuple(
        RawFile(
            lineno=head.start + 1,
            old_label=head.old_label,
            new_label=head.new_label,
            git=head.git,
            hunks=_hunks(lines, head.end, end),
        )
        for head, end in zip(heads, ends, strict=True)
    )


def prose(lines: Sequence[bytes], files: Sequence[RawFile]) -> tuple[bytes, ...]:
    """The text of *lines* above the first of *files*, where a mail says what the patch is for."""
    return tuple(lines[: files[0].lineno - 1] if files else lines)


def _heads(lines: Sequence[bytes]) -> list[_Head]:
    found: list[_Head] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        head = None
        if line.startswith(b"diff --"):
            head = _git_head(lines, at)
        elif line.startswith(b"--- "):
            head = _plain_head(lines, at, ())
            head = head and _with_preamble(lines, head, found[-1].end if found else 0)
        if head is None:
            at += 1
        else:
            found.append(head)
            at = head.end
    return found


def _plain_head(lines: Sequence[bytes], at: int, git: tuple[bytes, ...]) -> _Head | None:
    """``---``, ``+++`` and ``@@`` in a row, each but the last perhaps wrapped."""
    plus = _soon(lines, at + 1, PLUS)
    if plus is None:
        return None
    first_hunk = _soon(lines, plus + 1, HUNK)
    if first_hunk is None:
        return None
    old, new = b" ".join(lines[at:plus])[4:], b" ".join(lines[plus:first_hunk])[4:]
    return _Head(at, first_hunk, old, new, git)


def _soon(lines: Sequence[bytes], at: int, wanted: re.Pattern[bytes]) -> int | None:
    """The first of the next few lines that *wanted* matches."""
    for index in range(at, min(at + WRAPPED_HEAD_LINES, len(lines))):
        if wanted.match(lines[index]):
            return index
    return None


def _git_head(lines: Sequence[bytes], at: int) -> _Head | None:
    if not GIT.match(lines[at]):
        return None
    end = at + 1
    while end < len(lines) and EXTENDED.match(lines[end]):
        end += 1
    git = tuple(lines[at:end])
    if end < len(lines) and lines[end].startswith(b"--- "):
        plain = _plain_head(lines, end, git)
        if plain is not None:
            return _Head(at, plain.end, plain.old_label, plain.new_label, git)
    # A name alone, in prose say, is no head.
    return _Head(at, end, b"", b"", git) if end > at + 1 else None


def _with_preamble(lines: Sequence[bytes], head: _Head, limit: int) -> _Head:
    """*head* reaching up over the ``diff -u`` and ``Index:`` lines right above it."""
    start = head.start
    while start > limit and PREAMBLE.match(lines[start - 1]):
        start -= 1
    return _Head(start, head.end, head.old_label, head.new_label, head.git)


def _hunks(lines: Sequence[bytes], at: int, end: int) -> tuple[RawHunk, ...]:
    starts = [
        index
        for index in range(at, end)
        if lines[index].startswith(b"@@") and HUNK.match(lines[index])
    ]
    if not starts or starts[0] != at:
        return ()
    hunks = []
    for start, stop in zip(starts, [*starts[1:], end], strict=True):
        match = HUNK.match(lines[start])
        assert match is not None
        old_start, old_count, new_start, new_count = (
            1 if number is None else int(number[:9]) for number in match.groups()[:4]
        )
        hunks.append(
            RawHunk(
                lineno=start + 1,
                body_lineno=start + 2,
                old_start=old_start,
                old_count=old_count,
                new_start=new_start,
                new_count=new_count,
                section=match[5].strip(),
                body=tuple(lines[start + 1 : stop]),
            )
        )
    return tuple(hunks)
