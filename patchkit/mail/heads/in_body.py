"""``From:`` at the top of a mail's text (the sender is not the author), and the fields that quilt
and Debian keep above a patch (DEP-3)."""

from __future__ import annotations

import re

from patchkit.mail.heads.said import Said

FIELD = re.compile(r">?(From|Author|Subject|Description|Date|Origin|Bug|Forwarded|Last-Update|To|Cc"
                   r"|Patch-Name|Patch-mainline|References):\s*(.*)", re.I)  # fmt: skip
OURS = {"from": "author", "author": "author", "subject": "subject", "description": "subject",
        "date": "date", "last-update": "date"}  # fmt: skip
# Only these begin such a head: any prose may begin with "Bug:" or "To:".
FIRST = frozenset(("from", "author", "subject", "description", "date"))


def in_body(lines: list[str]) -> Said | None:
    """The head that *lines* begin with; None when there is none."""
    start = next((at for at, line in enumerate(lines) if line.strip()), len(lines))
    first = FIELD.match(lines[start]) if start < len(lines) else None
    if first is None or first[1].lower() not in FIRST:
        return None
    said: dict[str, str] = {}
    last = ""
    at = start
    extra: list[str] = []
    while at < len(lines) and lines[at].strip():
        if match := FIELD.match(lines[at]):
            last = OURS.get(match[1].lower(), "")
            if last:
                said.setdefault(last, match[2].strip())
        elif lines[at][0] in " \t":
            # The lines below a Description are its message, those below a Subject its rest.
            if last == "subject" and first[1].lower() == "description":
                extra.append("" if lines[at].strip() == "." else lines[at].strip())
            elif last:
                said[last] += " " + lines[at].strip()
        else:
            break
        at += 1
    return Said((*extra, *lines[at:]), **said)
