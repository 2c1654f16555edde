"""Addresses that a mailer or an archive made into links: what was written is still in them."""

from __future__ import annotations

import re

from patchkit.repair.damage import Confidence, Repair

KIND = "autolinks"
FORMS = (
    # A page's: the text of the link is what the author wrote.
    re.compile(rb"<a\s[^<>]{0,300}\bhref\s*=[^<>]{1,300}>([^<>]*)</a>", re.I),
    # Outlook's plain text.
    re.compile(rb"(?<![\w.+-])([\w.+-]{1,80}@[\w.-]{1,80}) ?<mailto:\1>", re.I),
    re.compile(rb"(https?://[^\s<>]{1,300}) ?<\1/?>", re.I),
    # Markdown.
    re.compile(rb"\[([^\]\s]{1,300})\]\((?:mailto:|https?://)\1/?\)", re.I),
    re.compile(rb"\[(https?://[^\]\s]{1,300})\]\(\1/?\)", re.I),
)


def mend(lines: list[bytes]) -> tuple[list[bytes], list[Repair]]:
    """*lines* with the text of each link in its place: no C looks like one."""
    mended: list[bytes] = []
    repairs: list[Repair] = []
    for number, line in enumerate(lines, 1):
        text = line
        if b"<" in line or b"](" in line:
            for form in FORMS:
                text = form.sub(rb"\1", text)
        if text != line:
            repairs.append(Repair(KIND, number, Confidence.CERTAIN))
        mended.append(text)
    return mended, repairs
