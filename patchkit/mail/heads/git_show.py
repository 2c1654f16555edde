"""``git show``, ``git log -p``, and gitweb's text: ``commit``, ``Author:``, an indented message."""

from __future__ import annotations

import re

from patchkit.mail.heads.said import Said, titled

COMMIT = re.compile(r"commit ([0-9a-f]{7,64})\b")
FIELD = re.compile(r"(Author|AuthorDate|Date|Commit|CommitDate|Merge|Refs|Parent|author|committer"
                   r"|parent|tree):?\s+(.*)")  # fmt: skip


def git_show(lines: list[str]) -> Said | None:
    """The head that *lines* begin with; None when it is not git's."""
    shown = COMMIT.match(lines[0]) if lines else None
    if shown is None:
        return None
    author = date = ""
    at = 1
    while at < len(lines) and (match := FIELD.match(lines[at])):
        name, text = match[1].lower(), match[2].strip()
        author = text if name == "author" else author
        date = text if name in ("date", "authordate") else date
        at += 1
    if not author:
        return None
    said = titled([line.removeprefix("    ") for line in lines[at:]], author, date)
    return said._replace(commit=shown[1])
