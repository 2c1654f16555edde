"""One patch over several mails, joined again: lists refused mails above 40 or 100 kB, so that
senders cut long patches anywhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from patchkit.mail.message import Message, Number
from patchkit.patch.raw import RawHunk, scan

# Where a diff begins properly.
BEGIN = re.compile(rb"^(?:--- [^\n]*\n\+\+\+ |diff -|Index: )", re.M)
HUNK = re.compile(rb"^@@ -\d+(?:,\d+)? \+\d+(?:,\d+)? @@", re.M)
SIGNATURE = re.compile(rb"\n--? ?\n(?:[^\n]*\n){0,8}\Z")

# Above the rest of a cut patch stands a sentence, not a letter.
MOST_PROSE = 100


def joined(messages: Iterable[Message]) -> Iterator[Message]:
    """*messages*, in order, with the pieces of a patch that was cut put together.

    A mail is the next piece only if it is the next of the same series, begins amid a diff, and
    fits: its lines are those that the hunk above lacks, or it begins with a hunk.
    """
    pieces: list[Message] = []
    for message in messages:
        whole = _whole(pieces, message) if pieces else None
        if whole is None:
            yield from pieces[:1]
            pieces = [message]
        else:
            pieces = [whole, message]
    yield from pieces[:1]


def _whole(pieces: list[Message], following: Message) -> Message | None:
    """*following* put below what *pieces*, the whole so far and the last piece, have; None when
    it is no piece of that. The whole has no number: the pieces are no patches of their own."""
    first, one, two = pieces[0], pieces[-1].number, following.number
    if one.n is None or two.n is None or (one.version, one.m) != (two.version, two.m):
        return None
    if two.n != one.n + 1 or one.n < 1:
        return None
    begin = BEGIN.search(following.body)
    above = following.body[: begin.start()] if begin else following.body
    body = SIGNATURE.sub(b"\n", first.body.rstrip(b"\n") + b"\n")
    start = _start_of_missing(body, above)
    if start is None and (hunk := HUNK.search(above)) and _is_complete(body):
        start = hunk.start()
    if start is None:
        return None
    return replace(first, body=body + following.body[start:], number=Number(one.version))


def _last_hunk(body: bytes) -> RawHunk | None:
    files = scan(body.split(b"\n")[:-1])
    return files[-1].hunks[-1] if files and files[-1].hunks else None


def _left(hunk: RawHunk) -> tuple[int, int]:
    """How many old and new lines *hunk* lacks; negative where there is more than it needs."""
    marks = [line[:1] or b" " for line in hunk.body]
    removed, added = marks.count(b"-"), marks.count(b"+")
    context = marks.count(b" ")
    return hunk.old_count - context - removed, hunk.new_count - context - added


def _is_complete(body: bytes) -> bool:
    hunk = _last_hunk(body)
    return hunk is not None and max(_left(hunk)) <= 0


def _start_of_missing(body: bytes, above: bytes) -> int | None:
    """Where in *above* the lines stand that the last hunk of *body* lacks; None if not there."""
    hunk = _last_hunk(body)
    if hunk is None or min(left := _left(hunk)) < 0 or max(left) == 0:
        return None
    lines = above.split(b"\n")
    at = 0
    for index, line in enumerate(lines[:MOST_PROSE]):
        if line[:1] in (b" ", b"+", b"-") and _fills(lines[index:], *left):
            return at
        at += len(line) + 1
    return None


def _fills(lines: list[bytes], old: int, new: int) -> bool:
    """Do *lines* begin with just *old* and *new* lines of a hunk, and then no more of one?"""
    for line in lines:
        mark = line[:1] or b" "
        if old == new == 0:
            return mark not in b"+-" or line in (b"-- ", b"--")
        if old < 0 or new < 0 or mark not in b" +-":
            return False
        old -= mark in b" -"
        new -= mark in b" +"
    return old == new == 0
