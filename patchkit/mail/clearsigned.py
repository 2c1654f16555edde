"""PGP's clear text signatures (RFC 4880, section 7), which put "- " before every line that begins
with a dash: a diff's ``---`` and removed lines among them."""

from __future__ import annotations

import re

BEGIN = re.compile(rb"^-----BEGIN PGP SIGNED MESSAGE-----\r?\n(?:[A-Za-z-]+:.*\n)*\r?\n", re.M)
END = re.compile(
    rb"^-----BEGIN PGP SIGNATURE-----.*?(?:^-----END PGP SIGNATURE-----\r?\n?|\Z)", re.M | re.S
)
ESCAPED = re.compile(rb"^- (?=-)", re.M)


def unsigned(text: bytes) -> bytes:
    """*text* as it was before it was signed, every line at its number; as it is if it was not."""
    begin = BEGIN.search(text)
    if begin is None:
        return text
    end = END.search(text, begin.end())
    signed = text[begin.end() : end.start() if end else len(text)]
    blank = b"\n" * begin[0].count(b"\n")
    return (
        text[: begin.start()]
        + blank
        + ESCAPED.sub(b"", signed)
        + (text[end.end() :] if end else b"")
    )
