"""Word processors, blogs and phones: curly quotes, long dashes, three dots in one character."""

from __future__ import annotations

import re

from patchkit.repair.damage import Confidence, Repair
from patchkit.repair.diff_start import diff_start

KIND = "smart-punctuation"
EN, EM = "\u2013".encode(), "\u2014".encode()
PLAIN = {
    "\u2018".encode(): b"'",
    "\u2019".encode(): b"'",
    "\u201c".encode(): b'"',
    "\u201d".encode(): b'"',
    "\u2026".encode(): b"...",
}
MARK = re.compile(b"|".join(PLAIN))
# The same in Windows-1252, for a text that is no UTF-8.
WINDOWS = {
    byte: bytes([byte]).decode("cp1252").encode() for byte in b"\x85\x91\x92\x93\x94\x96\x97"
}
DASH = rb"(?:%s|%s)" % (EN, EM)
# The "---" of a head: of three dashes, two or all became one.
HEAD = re.compile(rb"(?:-?%s-?|%s{2,3}) (?=\S)" % (DASH, DASH))
# C's "--", right before or behind a word; between blanks it is a dash.
DECREMENT = re.compile(rb"(?<=[\w\])])%s(?=[\s;,)\]]|$)|%s(?=[A-Za-z_(*])" % (DASH, DASH))


def mend(lines: list[bytes]) -> tuple[list[bytes], list[Repair]]:
    """*lines* in plain ASCII punctuation, from the first diff on, where all quotes are curly.

    A text that has both kinds means both: sources may hold UTF-8.
    """
    lines = [_head(lines, at) for at in range(len(lines))]
    start = diff_start(lines)
    if start is None:
        return lines, []
    diff = lines[start:]
    if not _is_utf8(diff):
        diff = [_from_windows(line) for line in diff]
    if not _is_damaged(diff):
        return lines, []
    mended = lines[:start]
    repairs = []
    for number, (line, received) in enumerate(zip(diff, lines[start:], strict=True), start + 1):
        text = MARK.sub(lambda match: PLAIN[match[0]], line)
        text = DECREMENT.sub(b"--", text)
        text = text.replace(EN, b"-").replace(EM, b"--")
        if text != received:
            repairs.append(Repair(KIND, number, Confidence.LIKELY))
        mended.append(text)
    return mended, repairs


def _head(lines: list[bytes], at: int) -> bytes:
    """The line at index *at*, with the dashes of a head if the next line shows that it is one."""
    line = lines[at]
    if at + 1 < len(lines) and lines[at + 1].startswith(b"+++ ") and HEAD.match(line):
        return HEAD.sub(b"--- ", line, count=1)
    return line


def _is_damaged(diff: list[bytes]) -> bool:
    """Is there a curly quote and no straight one of its kind on the lines of the hunks?"""
    text = b"\n".join(line for line in diff if line[:1] in (b" ", b"+", b"-"))
    for curly, straight in ((b"[\x9c\x9d]", b'"'), (b"[\x98\x99]", b"'")):
        if re.search(b"\xe2\x80" + curly, text) and straight not in text:
            return True
    return False


def _is_utf8(lines: list[bytes]) -> bool:
    try:
        b"\n".join(lines).decode()
    except UnicodeDecodeError:
        return False
    return True


def _from_windows(line: bytes) -> bytes:
    return b"".join(WINDOWS.get(byte, bytes([byte])) for byte in line)
