"""hypermail, 1.x to 2.4: the archives of linux-kernel at indiana.edu and of many other lists.

The head stands in comments above the page (``<!-- email="..." -->``), the text between two more.
"""

from __future__ import annotations

import html
import re
from urllib.parse import unquote

from patchkit.mail.archives.copied_text import copied_text
from patchkit.mail.archives.found import Found
from patchkit.mail.page_text import page_charset, page_text

COMMENT = re.compile(rb'<!-- ?(name|email|subject|sent|id|inreplyto)="([^"\n]*)" ?-->')
START = re.compile(rb'<!-- ?body="start" ?-->')
HEADING = re.compile(rb"<h1[^>]*>(.*?)</h1>", re.I | re.S)
END = re.compile(rb'<!-- ?body="end" ?-->')


def hypermail(page: bytes) -> Found | None:
    """The mail of *page*; None when hypermail did not make it."""
    start = START.search(page)
    if start is None:
        return None
    end = END.search(page, start.end())
    charset = page_charset(page)
    said = {
        match[1].decode(): html.unescape(match[2].decode(charset, "replace"))
        for match in COMMENT.finditer(page[:65536])
    }
    body = page_text(page[start.end() : end.start() if end else len(page)], charset)
    if "subject" not in said and (heading := HEADING.search(page, 0, start.start())):
        said["subject"] = page_text(heading[1], charset).decode(charset, "replace")
    # From 2.2 on the sender and the date are repeated within.
    inner = copied_text(body)
    line = page.count(b"\n", 0, start.end()) + 1
    fields = {**(inner.fields if inner else {}), **_fields(said)}
    if inner is not None:
        return Found(fields, inner.body, line + inner.line - 1)
    return Found(fields, body, line)


def _fields(said: dict[str, str]) -> dict[str, str]:
    fields = {
        "from": f"{said.get('name', '')} <{said.get('email', '')}>",
        "date": said.get("sent", ""),
        "subject": said.get("subject", ""),
        # Identities with odd characters are escaped as in an address.
        "message-id": unquote(said.get("id", "")),
        "in-reply-to": f"<{unquote(said['inreplyto'])}>" if "inreplyto" in said else "",
    }
    return {name: text for name, text in fields.items() if text.strip(" <>")}
