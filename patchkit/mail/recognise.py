"""What some bytes are, by their content: a file's name is no evidence."""

from __future__ import annotations

import re
from enum import Enum

from patchkit.mail.charset import MARKS

# Enough for a page's head, or for the prose that people put above a diff.
LOOK = 65536


class Kind(Enum):
    """The inputs that there are."""

    EMPTY = "empty"
    COMPRESSED = "compressed"
    ARCHIVE = "an archive (zip, tar or 7z)"
    BINARY = "binary"
    MBOX = "mbox"
    MAIL = "RFC 822 mail"
    HTML = "HTML page"
    COMMITS = "git log output"
    CHANGESETS = "Mercurial export"
    TEXT = "text"


COMPRESSION = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00")
ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06", b"7z\xbc\xaf\x27\x1c", b"Rar!")
# The line between the mails of an mbox: an address (Pipermail's holds blanks) and a date in
# asctime's form; git's is "From <commit> Mon Sep 17 00:00:00 2001".
POSTMARK = re.compile(
    rb"From [^\n]*?\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? [^\n]*\d{1,2}:\d\d[^\n]*\d{4}"
)
FIELD = re.compile(rb"([!-9;-~]{1,60}):(?:[ \t]|\r?\n|$)")
# One of these makes a block of fields a mail's head; prose has "Note:" and "Hi:" too.
KNOWN_FIELDS = frozenset(
    b"from to cc subject date message-id received return-path delivered-to mime-version "
    b"content-type reply-to sender in-reply-to references x-mailer newsgroups path".split()
)
PAGE = re.compile(
    rb"\s*+(?:<\?xml[^>]*>\s*+)?(?:(?><!--.*?-->)\s*+)*+<(?:!doctype\s+html|html|head|body|title)\b",
    re.I | re.S,
)
# A page saved in part: hypermail's comments, or the archive's <pre> alone.
PAGE_PIECE = re.compile(
    rb"\s*<!--(?: ?(?:received|isoreceived|sent|body|name)=| MHonArc|X-)|\s*<pre\b", re.I
)
# A page whose beginning was left out or broken.
MARKUP = re.compile(rb"^\s*<(?:html|body|pre)\b[^<>]*>", re.I | re.M)
ESCAPED = (b"&gt;", b"&lt;", b"&amp;")
COMMIT = re.compile(rb"commit [0-9a-f]{7,64}(?: \([^\n]*\))?\r?\n(?:Merge: [^\n]*\n)?Author: ")
CHANGESET = re.compile(rb"# HG changeset patch\r?\n")
# The cheapest signs of a diff of any kind, for choosing what to look at more closely.
DIFF_SIGNS = (
    b"@@ -",
    b"\n@ -",
    b"@@\xc2\xa0-",
    b"@@\xa0-",
    b"*" * 15,
    b"diff -",
    b"Index: ",
    b"GIT binary",
)
# What may hide a diff: base64 and uuencoding.
WRAPPINGS = (b"ase64", b"ASE64", b"\nbegin 6")


def recognise(start: bytes) -> Kind:
    """The kind of an input that begins with *start* (``LOOK`` bytes, or all of it)."""
    if not start.strip():
        return Kind.EMPTY
    if start.startswith(COMPRESSION):
        return Kind.COMPRESSED
    if start.startswith(ARCHIVES) or start[257:262] == b"ustar":
        return Kind.ARCHIVE
    if any(start.startswith(mark) for mark, charset in MARKS if charset):
        return Kind.TEXT
    text = start.removeprefix(MARKS[0][0]).lstrip()
    if _is_binary(start):
        return Kind.BINARY
    return _kind_of_text(text)


def _kind_of_text(text: bytes) -> Kind:
    signs = (
        (lambda: POSTMARK.match(text[:400]), Kind.MBOX),
        (lambda: PAGE.match(text) or PAGE_PIECE.match(text), Kind.HTML),
        (lambda: begins_with_head(text), Kind.MAIL),
        (lambda: COMMIT.match(text), Kind.COMMITS),
        (lambda: CHANGESET.match(text), Kind.CHANGESETS),
        (lambda: any(e in text for e in ESCAPED) and MARKUP.search(text), Kind.HTML),
    )
    return next((kind for has_sign, kind in signs if has_sign()), Kind.TEXT)


def _is_binary(start: bytes) -> bool:
    """Is there more that no text has than a stray byte? A mail with a NUL in it is still one."""
    odd = len(start) - len(start.translate(None, bytes(range(7)) + bytes(range(14, 27)) + b"\x1c"))
    return odd > 8 and odd * 50 > len(start)


def begins_with_head(text: bytes) -> bool:
    """Does *text* begin with a mail's fields: at least two, one of them a mail's own?"""
    if text[:12].lower() == b"description:":  # a patch of quilt's, whose head no blank line ends
        return False
    known = 0
    count = 0
    for line in text[:LOOK].split(b"\n", 60)[:60]:
        if match := FIELD.match(line):
            count += 1
            known += match[1].lower() in KNOWN_FIELDS
        elif not (count and line[:1] in (b" ", b"\t") and line.strip()):
            break
    return known > 0 and count > 1


def may_hold_diff(text: bytes) -> bool:
    """False only where *text* certainly has no diff, plain or wrapped."""
    return any(sign in text for sign in DIFF_SIGNS) or any(sign in text for sign in WRAPPINGS)
