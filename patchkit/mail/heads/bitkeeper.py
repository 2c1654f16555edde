"""BitKeeper, which Linux used from February 2002 to April 2005: ``bk export -tpatch``, and the
``ChangeSet@1.1290, date, author`` line that its users mailed."""

from __future__ import annotations

import re

from patchkit.mail.heads.said import Said, titled

EXPORTED = re.compile(r"# This is a BitKeeper (?:generated|patch)")
WHEN_AND_WHO = re.compile(r"#\s+(\d{4}/\d\d/\d\d \d\d:\d\d:\d\d\S*)\s+(\S+@\S+)")
CHANGESET = re.compile(
    r"\s*ChangeSet(?:@| )[\d.]+, (\d{4}[-/]\d\d[-/]\d\d [\d:]+\S*), (\S+@\S+)\s*$"
)
# Above the line, people left BitKeeper's advice on how to import the mail.
DEEPEST = 40


def bitkeeper(lines: list[str]) -> Said | None:
    """The head in *lines*; None when there is none of BitKeeper's."""
    for at, line in enumerate(lines[:DEEPEST]):
        if EXPORTED.match(line):
            return _exported(lines[at:])
        if match := CHANGESET.match(line):
            below = lines[at + 1 :]
            end = next((n for n, text in enumerate(below) if text.startswith("# ")), len(below))
            message = [text.removeprefix("  ") for text in below[:end]]
            return titled(message, match[2], match[1])
    return None


def _exported(lines: list[str]) -> Said | None:
    comments = [line for line in lines if line.startswith("#")]
    at = next((at for at, line in enumerate(comments) if line.strip("# ") == "ChangeSet"), None)
    if at is None or at + 1 >= len(comments):
        return None
    match = WHEN_AND_WHO.match(comments[at + 1])
    if match is None:
        return None
    message: list[str] = []
    for line in comments[at + 2 :]:
        if re.match("# \\S", line):  # "# drivers/usb/usb.c": the first file's own comment
            break
        message.append(line[1:].strip())
    return titled(message, match[2], match[1])
