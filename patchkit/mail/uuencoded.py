"""Files that stand uuencoded in a mail's text, as attachments did before MIME was everywhere."""

from __future__ import annotations

import binascii
import re

BLOCK = re.compile(rb"^begin [0-7]{3,4} [^\n]*\n((?:[ -`]{2,62}\r?\n)+)[ `]?\r?\n?end\r?$", re.M)


def unpacked(text: bytes) -> bytes:
    """*text* with each uuencoded file in it replaced by the file; a broken one is left alone."""
    return BLOCK.sub(_decoded, text) if b"\nend" in text else text


def _decoded(match: re.Match[bytes]) -> bytes:
    try:
        return b"".join(binascii.a2b_uu(line) for line in match[1].split(b"\n")[:-1])
    except binascii.Error:
        return match[0]
