"""Bytes to text for people, and the few charsets in which a diff can't be read as bytes."""

from __future__ import annotations

import codecs

# In these an ASCII character is not its own byte. All other charsets of mail leave a diff's
# markers and C source as they are, and the author's other bytes are nobody's to change.
WIDE = ("utf-16", "utf-32", "utf-7", "utf_16", "utf_32", "utf_7")
MARKS = (
    (codecs.BOM_UTF8, ""),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def readable(text: bytes, charset: str = "") -> bytes:
    """*text* as bytes in which ASCII is ASCII: a byte order mark is taken off, UTF-16 and its kin
    (a redirect in PowerShell writes them) become UTF-8. All else is returned as it is."""
    for mark, name in MARKS:
        if text.startswith(mark):
            text = text[len(mark) :]
            return text.decode(name, "replace").encode() if name else text
    if charset.lower().startswith(WIDE):
        try:
            return text.decode(charset, "replace").encode()
        except LookupError:
            return text
    return text


def for_people(text: bytes, charset: str = "") -> str:
    """*text* decoded: UTF-8 if it is that, else by its *charset*, else Latin-1. Never fails."""
    for name in ("utf-8", charset):
        if name and name.lower() not in ("us-ascii", "ascii"):
            try:
                return text.decode(name)
            except (UnicodeDecodeError, LookupError):
                continue
            except ValueError:  # a name with a NUL in it
                break
    return text.decode("latin-1")
