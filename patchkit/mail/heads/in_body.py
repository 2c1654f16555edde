"""``From:`` at the top of a mail's text (the sender is not the author), and the fields that quilt
and Debian keep above a patch (DEP-3)."""

from __future__ import annotations

import re

from patchkit.mail.heads.said import Said

FIELD = re.compile(r">?(From|Author|Subject|Description|Date|Origin|Bug(?:-[A-Za-z]+)?"
                   r"|Forwarded|Applied-Upstream|Last-Update|To|Cc|Patch-Name|Patch-mainline"
                   r"|References):\s*(.*)", re.I)  # fmt: skip
OURS = {"from": "author", "author": "author", "subject": "subject", "description": "subject",
        "date": "date", "last-update": "date"}  # fmt: skip
# DEP-3 fields that say where a patch comes from and goes to.
KEPT = re.compile(r"Origin$|Bug(-\w+)?$|Forwarded$|Applied-Upstream$", re.I)
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
    kept: list[tuple[str, str]] = []
    while at < len(lines) and lines[at].strip():
        if match := FIELD.match(lines[at]):
            last = OURS.get(match[1].lower(), "")
            if last:
                said.setdefault(last, match[2].strip())
            elif KEPT.match(match[1]) and match[2].strip():
                kept.append((match[1], match[2].strip()))
        elif lines[at][0] in " \t":
            # The lines below a Description are its message, those below a Subject its rest.
            if last == "subject" and first[1].lower() == "description":
                extra.append("" if lines[at].strip() == "." else lines[at].strip())
            elif last:
                said[last] += " " + lines[at].strip()
        else:
            break
        at += 1
    return Said((*extra, *lines[at:]), fields=tuple(kept), **said)
