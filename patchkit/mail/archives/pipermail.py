"""Pipermail, Mailman's archive: the head is a heading, a name, an address and a date, unnamed."""

from __future__ import annotations

import re

from patchkit.mail.archives.found import Found
from patchkit.mail.charset import for_people
from patchkit.mail.page_text import page_charset, page_text

START = re.compile(rb"<!--beginarticle-->", re.I)
END = re.compile(rb"<!--endarticle-->", re.I)
DATE = re.compile(r"\s*(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} +\d{1,2} [\d:]{5,8} .*\d{4}")
ADDRESS = re.compile(r"\S+(?: at |@)[\w-]+\.\S+|\S+_at_\S+")
LINKS = re.compile(r"\s*(?:Previous|Next) message:|\s*Messages sorted by:", re.I)
RULE = re.compile(rb"^_{20,}\r?$|^ *(?:Previous|Next) message: ", re.M)
# The head is above line 20, or it is no head.
DEEPEST = 20
LONGEST_LINE = 300


def pipermail(page: bytes) -> Found | None:
    """The mail of *page*; None when Pipermail did not make it."""
    start = START.search(page)
    if start is None:
        return None
    end = END.search(page, start.end())
    charset = page_charset(page)
    above = page_text(page[: start.start()], charset).decode(charset, "replace")
    fields = _unnamed_head([line[:LONGEST_LINE] for line in above.split("\n")])[0]
    body = page_text(page[start.end() : end.start() if end else len(page)], charset)
    return Found(fields, body.lstrip(b"\n"), page.count(b"\n", 0, start.end()) + 1)


def copied_pipermail(text: bytes) -> Found | None:
    """The same from *text* that was copied off a page; None when it was not."""
    raw = text.split(b"\n", DEEPEST + 1)
    lines = [for_people(line[:LONGEST_LINE]) for line in raw[:DEEPEST]]
    fields, date_at = _unnamed_head(lines)
    after = [at for at, line in enumerate(lines) if LINKS.match(line) and at > date_at]
    if not fields or not after:
        return None
    at = after[-1] + 1
    # The list of links goes on in lines that begin with blanks or a bullet.
    body = b"\n".join(raw[at:])
    end = RULE.search(body)
    return Found(fields, body[: end.start()] if end and _is_last(body, end) else body, at + 1)


def _is_last(body: bytes, end: re.Match[bytes]) -> bool:
    """Is there no diff below that the rule would cut off?"""
    return b"\n@@ -" not in body[end.end() :]


def _unnamed_head(lines: list[str]) -> tuple[dict[str, str], int]:
    """Title, name with address, date: one line each, in this order. ({}, -1) if they are not
    there; else with the date's index."""
    full = [(at, line.strip()) for at, line in enumerate(lines) if line.strip()]
    for (_, title), (_, who), (at, date) in zip(full, full[1:], full[2:], strict=False):
        person = ADDRESS.search(who)
        if person and DATE.match(date):
            author = f"{who[: person.start()].strip()} <{person[0]}>"
            return {"subject": title, "from": author, "date": date}, at
    return {}, -1
