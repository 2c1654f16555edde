"""A patch → a mail in the form of ``git format-patch``, or a diff with its text above it."""

from __future__ import annotations

import re
from email.header import Header
from email.utils import formataddr

from patchkit.mail.date import mail_date
from patchkit.mail.message import Number
from patchkit.patch.model import Head, Patch
from patchkit.patch.render import file_bytes

POSTMARK = b"From 0000000000000000000000000000000000000000 Mon Sep 17 00:00:00 2001\n"
# Where git am would see the message end, or a mail begin.
ENDS_MESSAGE = re.compile(r"^(?=---|diff -|Index: |From )", re.M)
# git's format_sanitized_subject: what a name is made of, and how long it gets.
UNNAMEABLE = re.compile(r"[^A-Za-z0-9._]+")
LONGEST_NAME = 52


def written(patch: Patch, number: Number | None = None, *, postmark: bool = True) -> bytes:
    """*patch* as a mail that ``git am`` takes. Without an author's address it is no mail but text
    above a diff, which ``git apply`` and ``patch`` take."""
    diff = b"".join(file_bytes(change) for change in patch.files)
    message = _message(patch.head)
    if not patch.head.author.email:
        author = f"From: {patch.head.author.name}" if patch.head.author.name else ""
        above = "\n".join(line for line in (author, patch.head.subject) if line)
        text = "\n\n".join(part for part in (above, message) if part)
        return text.encode(errors="replace") + (b"\n\n" if text else b"") + diff
    head = "\n".join(_fields(patch.head, number))
    text = f"{head}\n\n{message}\n---\n\n" if message else f"{head}\n\n---\n\n"
    return (POSTMARK if postmark else b"") + text.encode(errors="replace") + diff


def file_name(index: int, head: Head, fallback: str) -> str:
    """``0001-area-text.patch``: no folder, no hidden name, nothing a shell would read."""
    slug = UNNAMEABLE.sub("-", head.subject or fallback)
    slug = re.sub(r"\.{2,}", ".", slug).strip("-.")[:LONGEST_NAME].rstrip("-.")
    return f"{index:04}-{slug or 'patch'}.patch"


def _fields(head: Head, number: Number | None) -> list[str]:
    counts = f" {number}" if number and number.n is not None else ""
    fields = [
        f"From: {formataddr((head.author.name, _ascii(head.author.email)))}",
        *([f"Date: {mail_date(head.date)}"] if head.date else []),
        f"Subject: [PATCH{counts}] {_encoded(head.subject)}",
        *([f"Message-ID: <{_ascii(head.message_id)}>"] if head.message_id else []),
    ]
    if not _message(head).isascii():
        fields += [
            "MIME-Version: 1.0",
            "Content-Type: text/plain; charset=UTF-8",
            "Content-Transfer-Encoding: 8bit",
        ]
    return fields


def _ascii(text: str) -> str:
    return text.encode("ascii", "replace").decode()


def _encoded(subject: str) -> str:
    """*subject* as RFC 2047 wants it, in one line as git's mailinfo likes it best."""
    return subject if subject.isascii() else Header(subject, "utf-8", maxlinelen=None).encode()


def _message(head: Head) -> str:
    trailers = "\n".join(f"{key}: {value}" for key, value in head.trailers)
    text = "\n\n".join(part for part in (head.message, trailers) if part)
    return ENDS_MESSAGE.sub(" ", text)
