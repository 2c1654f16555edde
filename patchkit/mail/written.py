"""A patch → a mail in the form of ``git format-patch``, or a diff with its text above it."""

from __future__ import annotations

import re
from email.header import Header
from email.utils import formataddr

from patchkit.mail.date import mail_date
from patchkit.mail.message import Number
from patchkit.patch.model import Head, Patch, Person
from patchkit.patch.render import file_bytes

POSTMARK = b"From 0000000000000000000000000000000000000000 Mon Sep 17 00:00:00 2001\n"
# Where git am would see the message end; a blank before it is the least change.
ENDS_MESSAGE = re.compile(r"^(?=---|diff -|Index: )", re.M)
FROM = re.compile(r"^(?=>*From )", re.M)
# git's format_sanitized_subject: what a name is made of, and how long it gets.
UNNAMEABLE = re.compile(r"[^A-Za-z0-9._]+")
LONGEST_NAME = 52


def written(patch: Patch, number: Number | None = None, *, postmark: bool = True) -> bytes:
    """*patch* as a mail that ``git am`` takes, in the mboxrd form with *postmark*.

    Without an author's address it is no mail but what is known above a diff, which ``git apply``
    and ``patch`` take; quilt knows such heads.
    """
    diff = b"".join(file_bytes(change) for change in patch.files)
    head = patch.head
    message = _message(head)
    if not (head.author.name or head.author.email or head.subject or message):
        return diff
    text = "\n".join((*_fields(head, number), "", *([message] if message else []), "---", "", ""))
    if postmark and head.author.email:
        return POSTMARK + FROM.sub(">", text).encode(errors="replace") + diff
    return text.encode(errors="replace") + diff


def file_name(index: int, head: Head, fallback: str) -> str:
    """``0001-area-text.patch``: no folder, no hidden name, nothing a shell would read."""
    slug = UNNAMEABLE.sub("-", head.subject or fallback)
    slug = re.sub(r"\.{2,}", ".", slug).strip("-.")[:LONGEST_NAME].rstrip("-.")
    return f"{index:04}-{slug or 'patch'}.patch"


def _fields(head: Head, number: Number | None) -> list[str]:
    counts = f" {number}" if number and number.n is not None else ""
    fields = [
        *([f"From: {_author(head.author)}"] if str(head.author) else []),
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


def _author(author: Person) -> str:
    if author.email:
        return formataddr((author.name, _ascii(author.email)))
    return author.name if author.name.isascii() else Header(author.name, "utf-8").encode()


def _ascii(text: str) -> str:
    return text.encode("ascii", "replace").decode()


def _encoded(subject: str) -> str:
    """*subject* as RFC 2047 wants it, in one line as git's mailinfo likes it best."""
    return subject if subject.isascii() else Header(subject, "utf-8", maxlinelen=None).encode()


def _message(head: Head) -> str:
    text = "\n\n".join(part for part in (head.message, "\n".join(head.trailer_lines)) if part)
    return ENDS_MESSAGE.sub(" ", text)
