"""``hg export``: ``# HG changeset patch`` and comments, then the message."""

from __future__ import annotations

import datetime

from patchkit.mail.heads.said import Said, titled


def mercurial(lines: list[str]) -> Said | None:
    """The head that *lines* begin with; None when it is not Mercurial's."""
    if not lines or lines[0].strip() != "# HG changeset patch":
        return None
    author = date = ""
    at = 1
    while at < len(lines) and lines[at].startswith("#"):
        name, _, text = lines[at].lstrip("# ").partition(" ")
        if name == "User":
            author = text.strip()
        elif name == "Date":
            date = _as_text(text)
        at += 1
    return titled(lines[at:], author, date)


def _as_text(seconds_and_offset: str) -> str:
    """``1079000000 -3600`` (seconds west of UTC) in a mail's form; as it is if it is no such."""
    try:
        seconds, west = (int(number) for number in seconds_and_offset.split()[:2])
        zone = datetime.timezone(datetime.timedelta(seconds=-west))
        return datetime.datetime.fromtimestamp(seconds, zone).strftime("%a, %d %b %Y %H:%M:%S %z")
    except (ValueError, OverflowError, OSError):
        return seconds_and_offset.strip()
