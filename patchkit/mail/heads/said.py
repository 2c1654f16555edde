"""What a tool's head says."""

from __future__ import annotations

from typing import NamedTuple


class Said(NamedTuple):
    """Empty where the tool says nothing. ``subject`` is still as written; ``rest`` are the lines
    of the message below the head; ``fields`` are further ones, to be kept as trailers; ``commit``
    is the full name of the commit that is shown."""

    rest: tuple[str, ...]
    author: str = ""
    date: str = ""
    subject: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    commit: str = ""


def titled(lines: list[str], author: str, date: str) -> Said:
    """A tool whose messages begin with their subject: the first line that is not blank."""
    at = next((at for at, line in enumerate(lines) if line.strip()), len(lines))
    subject = lines[at].strip() if at < len(lines) else ""
    return Said(tuple(lines[at + 1 :]), author, date, subject)
