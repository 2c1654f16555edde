"""A patch below a head in Debian's form (DEP-3), as quilt folders of distributions have it."""

from __future__ import annotations

from dataclasses import replace

from patchkit.mail.date import mail_date
from patchkit.mail.subject import printable
from patchkit.patch.model import Head, Patch
from patchkit.patch.render import file_bytes

# Fields of a head of this kind, where they are among the trailers; the others are for people.
FIELDS = ("Bug", "Forwarded", "Applied-Upstream")


def dep3(patch: Patch, *, origin: str, last_update: str) -> bytes:
    """*patch* with ``Description``, ``Author``, ``Origin`` (*origin*, unless it has one from
    before), ``Bug`` and ``Forwarded``; *last_update* is a date, YYYY-MM-DD."""
    head = patch.head
    fields = [(key, value) for key, value in head.trailers if _is_field(key)]
    known = [value for key, value in head.trailers if key == "Origin"]
    lines = [
        f"Description: {printable(head.subject)}",
        *(f" {line}" if line.strip() else " ." for line in _text(head).splitlines()),
        *([f"Author: {head.author}"] if str(head.author) else []),
        *([f"Date: {mail_date(head.date)}"] if head.date else []),
        f"Origin: {known[0] if known else origin}",
        *(f"{key}: {value}" for key, value in fields),
        f"Last-Update: {last_update}",
        "---",
        "",
    ]
    diff = b"".join(file_bytes(change) for change in patch.files)
    return "\n".join(lines).encode(errors="replace") + diff


def _is_field(key: str) -> bool:
    return key in FIELDS or key.startswith("Bug-")


def _text(head: Head) -> str:
    """The message below the subject, with the trailers that are no fields."""
    kept = [(key, value) for key, value in head.trailers if key != "Origin" and not _is_field(key)]
    trailers = "\n".join(replace(head, trailers=tuple(kept)).trailer_lines)
    return "\n\n".join(part for part in (head.message, trailers) if part)
