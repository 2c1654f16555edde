"""format=flowed (RFC 3676): soft line breaks joined, stuffing undone."""

from __future__ import annotations

import re

# A generator breaks where the next word would pass this column (RFC 3676 says 66 to 78).
NARROWEST = 60
SIGNATURE = b"-- "
DIFF_MARKER = (b"+", b"-", b"@@", b"\\ ")
HUNK_HEAD = re.compile(rb"@@ -\d+(?:,\d+)? \+\d+(?:,\d+)? @@")
# Lines that a generator has to stuff; one that begins " x" for another x was never stuffed.
NEVER_STUFFED = re.compile(rb"^ [^ >F\n]", re.M)


def unflow(text: bytes, *, delsp: bool = False) -> bytes:
    """*text* with its soft breaks joined and its stuffing undone.

    Many mailers said ``format=flowed`` and sent their lines as they were. So a line that ends in
    a blank is joined only where its next word would not have fitted, and stuffing is undone only
    where no line of a hunk says that there was none.
    """
    stuffed = not _never_stuffed(text)
    out: list[bytes] = []
    pieces: list[bytes] = []  # what soft breaks have left unfinished, at quote depth *depth*
    depth = 0

    def finish(ending: bytes = b"") -> None:
        if pieces:
            out.append(_quoted(depth, b"".join(pieces), stuffed=stuffed) + ending)
            pieces.clear()

    for raw in text.split(b"\n"):
        ending = b"\r" if raw.endswith(b"\r") else b""
        marks, line = _unquoted(raw.removesuffix(b"\r"), stuffed=stuffed)
        if pieces and (marks != depth or not _is_continuation(pieces[-1], line)):
            finish()
        elif pieces and delsp:
            pieces[-1] = pieces[-1][:-1]
        pieces.append(line)
        depth = marks
        if not line.endswith(b" ") or line == SIGNATURE:
            finish(ending)
    finish()
    return b"\n".join(out)


def _never_stuffed(text: bytes) -> bool:
    hunk = HUNK_HEAD.search(text)
    return hunk is not None and NEVER_STUFFED.search(text, hunk.end()) is not None


def _is_continuation(piece: bytes, following: bytes) -> bool:
    if not piece.strip(b" +-") or following.startswith(DIFF_MARKER):
        return False
    word = following.split(b" ", 1)[0]
    return len(piece) + len(word) > NARROWEST


def _unquoted(line: bytes, *, stuffed: bool) -> tuple[int, bytes]:
    rest = line.lstrip(b">")
    depth = len(line) - len(rest)
    return depth, rest.removeprefix(b" ") if stuffed else rest


def _quoted(depth: int, line: bytes, *, stuffed: bool) -> bytes:
    return b">" * depth + (b" " if stuffed and depth and line else b"") + line
