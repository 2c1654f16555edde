"""An mbox → its mails, one at a time: mboxo, mboxrd, mboxcl and mboxcl2.

The standard library's mailbox wants a file by name, reads it line by line (5 MB/s), and splits at
every "From ".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from patchkit.errors import InputError
from patchkit.mail.recognise import FIELD, POSTMARK

CHUNK = 1 << 20
# A mail is kept in memory while it is looked at.
LARGEST = 256 << 20
# Postmarks end well before this; a longer line is not looked at further.
LONGEST_LINE = 400
CONTENT_LENGTH = re.compile(rb"^content-length:[ \t]*(\d{1,12})[ \t]*\r?$", re.I | re.M)
QUOTED = re.compile(rb"^>(>*From )", re.M)
COMMIT = re.compile(rb"From ([0-9a-f]{40}|[0-9a-f]{64}) Mon Sep 17 00:00:00 2001\s*$")
END_OF_HEAD = re.compile(rb"\r?\n\r?\n")


class Enclosed(NamedTuple):
    """A mail where it stands: ``raw`` is without its postmark and with "From " unquoted;
    ``offset`` (of the postmark, in bytes) and ``length`` are those of the file, ``line`` is of
    ``raw``'s beginning, from 1; ``commit`` is the one that git's postmark names."""

    raw: bytes
    offset: int
    length: int
    line: int
    commit: str = ""


def split_mbox(stream: BinaryIO, source: str, size: int | None = None) -> Iterator[Enclosed]:
    """The mails of *stream*, which begins with a postmark, in bounded memory; of no more than
    *size* bytes, since an mbox may grow while it is read.

    Raises:
        InputError: one of them is too large.
    """
    window = _Window(stream, source, size)
    offset, line = 0, 1
    while window.grow_to(1):
        length = _mail_end(window)
        sent = window.take(length)
        postmark_end = sent.find(b"\n") + 1 or length
        raw = _unquoted(sent[postmark_end:])
        yield Enclosed(raw, offset, length, line + 1, _commit(sent[:postmark_end]))
        offset += length
        line += sent.count(b"\n")


def enclosed(sent: bytes) -> bytes:
    """The mail of *sent*, the bytes of one ``offset`` and ``length``."""
    return _unquoted(sent[sent.find(b"\n") + 1 or len(sent) :])


class _Window:
    """The part of a stream that is being looked at."""

    def __init__(self, stream: BinaryIO, source: str, size: int | None) -> None:
        self.bytes = bytearray()
        self._left = size
        self._stream = stream
        self._source = source
        self._ended = False

    def grow_to(self, size: int) -> bool:
        """Have at least *size* bytes; False when the stream ends before."""
        while len(self.bytes) < size and not self._ended:
            chunk = self._stream.read(CHUNK if self._left is None else min(CHUNK, self._left))
            self._ended = not chunk
            self._left = None if self._left is None else self._left - len(chunk)
            self.bytes += chunk
            if len(self.bytes) > LARGEST:
                raise InputError(f"{self._source}: a mail of more than {LARGEST >> 20} MB")
        return len(self.bytes) >= size

    def take(self, length: int) -> bytes:
        taken = bytes(self.bytes[:length])
        del self.bytes[:length]
        return taken


def _mail_end(window: _Window) -> int:
    """How many bytes the mail at the beginning of *window* has, its postmark included."""
    counted = _counted_end(window)
    if counted is not None:
        return counted
    at = 5
    while True:
        at = window.bytes.find(b"\nFrom ", at)
        if at < 0:
            at = max(5, len(window.bytes) - 6)
            if not window.grow_to(len(window.bytes) + 1):
                return len(window.bytes)
        elif _is_postmark(window, at + 1):
            return at + 1
        else:
            at += 1


def _counted_end(window: _Window) -> int | None:
    """The end by Content-Length, if there is one and a postmark or the end is just there."""
    window.grow_to(8192)
    head = END_OF_HEAD.search(window.bytes, 0, 65536)
    if head is None:
        return None
    length = CONTENT_LENGTH.search(window.bytes, 0, head.end())
    if length is None or int(length[1]) > LARGEST:
        return None
    end = head.end() + int(length[1])
    if not window.grow_to(end + 1):
        return end if window.grow_to(end) else None
    while window.grow_to(end + 1) and window.bytes[end] in b"\r\n":
        end += 1
    return end if not window.grow_to(end + 1) or _is_postmark(window, end) else None


def _is_postmark(window: _Window, at: int) -> bool:
    """Is the line at *at* a postmark, with a mail's first field below it?"""
    window.grow_to(at + 2 * LONGEST_LINE)
    lines = bytes(window.bytes[at : at + 2 * LONGEST_LINE]).split(b"\n", 2)
    if POSTMARK.match(lines[0][:LONGEST_LINE]) is None or len(lines) < 2:
        return False
    return FIELD.match(lines[1]) is not None or lines[1].startswith(b">From ")


def _commit(postmark: bytes) -> str:
    """The commit that git format-patch names; zeros stand for none."""
    found = COMMIT.match(postmark)
    return found[1].decode() if found and found[1].strip(b"0") else ""


def _unquoted(mail: bytes) -> bytes:
    """*mail* with its ">From " lines as they were. Where a mail holds a bare "From " line, its
    length was counted instead (mboxcl2), and nothing was quoted."""
    if b">From " not in mail or re.search(rb"^From ", mail, re.M):
        return mail
    return QUOTED.sub(rb"\1", mail)
