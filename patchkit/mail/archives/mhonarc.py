"""MHonArc: mail-archive.com, spinics.net, sourceware.org and others.

The head stands in comments, the address rotated by 13 against harvesters.
"""

from __future__ import annotations

import codecs
import html
import re

from patchkit.mail.archives.found import Found
from patchkit.mail.page_text import page_charset, page_text

COMMENT = re.compile(rb"<!--X-(Subject|From-R13|Date|Message-Id|Reference): ([^\n]*?) ?-->")
START = re.compile(rb"<!--X-Body-of-Message-->")
END = re.compile(rb"<!--X-(?:Body-of-Message-End|MsgBody-End)-->")
NAMES = {
    "Subject": "subject",
    "From-R13": "from",
    "Date": "date",
    "Message-Id": "message-id",
    "Reference": "in-reply-to",
}


def mhonarc(page: bytes) -> Found | None:
    """The mail of *page*; None when MHonArc did not make it."""
    start = START.search(page)
    if start is None:
        return None
    end = END.search(page, start.end())
    charset = page_charset(page)
    fields: dict[str, str] = {}
    for match in COMMENT.finditer(page[:65536]):
        name, text = match[1].decode(), html.unescape(match[2].decode(charset, "replace"))
        # "--" can't stand in a comment: MHonArc writes "&#45;".
        text = codecs.decode(text, "rot13") if name == "From-R13" else text
        fields.setdefault(NAMES[name], f"<{text}>" if name == "Reference" else text)
    body = page_text(page[start.end() : end.start() if end else len(page)], charset)
    return Found(fields, body, page.count(b"\n", 0, start.end()) + 1)
