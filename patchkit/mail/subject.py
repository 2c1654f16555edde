"""``[PATCH v3 2/7] area: text`` and what people wrote before that was the custom."""

from __future__ import annotations

import re
from typing import NamedTuple

from patchkit.mail.message import Number

REPLY = re.compile(r"(?:re(?:\[\d+\]|\^\d+)?|aw|sv|antw)\s*:\s*", re.I)
FORWARD = re.compile(r"(?:fwd?|wg)\s*:\s*", re.I)
BRACKETS = re.compile(r"\[([^\[\]]*)\]\s*:?\s*")
# "PATCH: 2.4.0-test9 foo" and "Patch - foo", the custom of 1999 to 2002.
BARE_TAG = re.compile(r"(?:resend\s+)?patch(?:\s+(\d+)\s*/\s*(\d+))?\s*(?::|\s-\s)\s*", re.I)
VERSION = re.compile(r"(?<![\w.])v(\d{1,3})(?![\w.])", re.I)
NUMBER = re.compile(r"(?<![\w./-])(\d{1,4})\s*(?:/|\bof\b)\s*(\d{1,4})(?![\w./-])")
# "[PATCH] foo (2/3)" and "[PATCH] 2/3: foo", from before the number went into the brackets.
LATE_NUMBER = re.compile(r"\s*[(\[](?:part\s*)?(\d{1,4})\s*(?:/|\bof\b)\s*(\d{1,4})[)\]]\s*$", re.I)
EARLY_NUMBER = re.compile(r"(\d{1,4})\s*/\s*(\d{1,4})\s*(?:[:,]|-\s)\s*|\((\d{1,4})/(\d{1,4})\)\s*")


class Subject(NamedTuple):
    """``text`` is what goes into a commit; ``tags`` are the words of the brackets."""

    text: str
    tags: tuple[str, ...]
    number: Number
    is_reply: bool


def printable(text: str) -> str:
    """*text* in one line, without what a terminal would obey."""
    if not text.isprintable():
        text = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(text.split())


def parse_subject(text: str) -> Subject:
    """Take *text*, a decoded ``Subject:``, apart. The whole of it stays where nothing else
    would be left."""
    whole = rest = printable(text)
    tags: list[str] = []
    counts: tuple[int, int] | None = None
    is_reply = False
    while True:
        if match := REPLY.match(rest):
            is_reply = True
        elif match := BRACKETS.match(rest):
            tags += match[1].split()
            counts = counts or _counts(NUMBER.search(match[1]))
        elif match := BARE_TAG.match(rest):
            tags.append("PATCH")
            counts = counts or _counts(match if match[1] else None)
        else:
            match = FORWARD.match(rest)
        if match is None or not match.end():
            break
        rest = rest[match.end() :]
    rest, outside = _number_outside(rest, is_patch=_is_patch(tags))
    version = VERSION.search(" ".join(tags))
    n, m = counts or outside or (None, None)
    number = Number(int(version[1]) if version else 1, n, m)
    return Subject(rest.strip() or whole, tuple(tags), number, is_reply)


def _is_patch(tags: list[str]) -> bool:
    return any("patch" in tag.lower() for tag in tags)


def _number_outside(text: str, *, is_patch: bool) -> tuple[str, tuple[int, int] | None]:
    """*text* without a number at one of its ends, and the number; only of a patch, where it can't
    well be anything else."""
    if not is_patch:
        return text, None
    if (match := EARLY_NUMBER.match(text)) and (counts := _counts(match)):
        return text[match.end() :], counts
    if (match := LATE_NUMBER.search(text)) and (counts := _counts(match)):
        return text[: match.start()], counts
    return text, None


def _counts(match: re.Match[str] | None) -> tuple[int, int] | None:
    """(n, m), unless it can't be one of a series: 24/7 is a way to work, 0/0 nothing."""
    if match is None:
        return None
    n, m = (int(number) for number in match.groups() if number is not None)
    return (n, m) if n <= m and m > 0 else None
