"""Archives keep columns with U+00A0 (``&nbsp;``), one for each column of white space; mailers that
write HTML make runs of them and blanks of an indentation."""

from __future__ import annotations

import re

from patchkit.repair.damage import Confidence, Repair
from patchkit.repair.diff_start import diff_start

KIND = "no-break-spaces"
UTF8 = b"\xc2\xa0"
FIRST = (UTF8, b"\xa0", b"\xc3\x82")
# Text that is indented below the marks of context and of changes. The source's own stands
# beside tabs; a mailer leaves no tab.
INDENTED = re.compile(rb"^[ +-] *(?:\xc2\xa0|\xa0|\xc3\x82)[ \xa0\xc2\xc3\x82]*[!-~]")
# The same read as Latin-1 and written as UTF-8 once more, "Â" and a blank on screens.
TWICE = re.compile(rb"\xc3\x82(?:\xc2?\xa0| )")
LATIN1_RUN = re.compile(rb"^[+\- ]?(?:\xa0)+|(?<=[ \t])\xa0+|\xa0+(?=[ \t])")


def mend(lines: list[bytes]) -> tuple[list[bytes], list[Repair]]:
    """*lines* with blanks for no-break spaces. In Latin-1 the byte alone may be a part of
    another character, so only runs at the start or beside blanks count there.

    An archive that does it does it to the blank that marks context, and a mailer to every
    indentation of the diff; elsewhere the author may have meant one.
    """
    confidence = Confidence.CERTAIN
    if not any(line.startswith(FIRST) for line in lines):
        if not _is_every_indentation(lines):
            return lines, []
        confidence = Confidence.LIKELY
    mended: list[bytes] = []
    repairs: list[Repair] = []
    for number, line in enumerate(lines, 1):
        text = TWICE.sub(b" ", line).replace(UTF8, b" ")
        if b"\xa0" in text and not _is_utf8(text):
            text = LATIN1_RUN.sub(lambda m: m[0].replace(b"\xa0", b" "), text)
        if text != line:
            repairs.append(Repair(KIND, number, confidence))
        mended.append(text)
    return mended, repairs


def _is_every_indentation(lines: list[bytes]) -> bool:
    """Is context indented by no-break spaces, and no line of the diff by tabs?"""
    start = diff_start(lines)
    if start is None:
        return False
    found = [line for line in lines[start:] if INDENTED.match(line)]
    is_context = any(line.startswith(b" ") for line in found)
    return is_context and not any(line[1:2] == b"\t" for line in lines[start:])


def _is_utf8(text: bytes) -> bool:
    """Then the byte is a part of a character: "à" ends in it."""
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True
