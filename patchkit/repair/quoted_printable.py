"""Quoted-printable (RFC 2045 6.7) that nobody decoded: ``=3D`` for ``=``, lines cut with ``=``."""

from __future__ import annotations

import quopri
import re

from patchkit.repair.damage import Confidence, Repair

KIND = "quoted-printable"
# What every encoder writes: the sign itself, and blanks at a line's end. Base64 has neither.
ESCAPE = re.compile(rb"=3D|=(?:20|09)\r?$")
# In quoted-printable every "=" is part of an escape or cuts a line: C has it bare, or before a
# number, but no encoder writes an escape for a letter or a figure.
BARE = re.compile(
    rb"=(?![0-9A-F]{2}|\r?$)|=(?:0[0-8]|1|3[0-9]|4[1-9A-F]|5[0-9A]|6[1-9A-F]|7[0-9A])"
)
# Python's encoder counts without the "=20" that stands for a last blank.
LONGEST = 79
FULL = 73


def mend(lines: list[bytes]) -> tuple[list[bytes], list[Repair]]:
    """*lines* decoded, from the first diff head on, where all of that is quoted-printable.

    A line that ends in ``=`` alone is no proof (C has such lines): it takes an escape, or a cut
    at the full length.
    """
    start = next(
        (at for at, line in enumerate(lines) if line.startswith((b"--- ", b"diff "))), None
    )
    if start is None or not _is_encoded(lines[start:]):
        return lines, []
    decoded = quopri.decodestring(b"\n".join(lines[start:])).split(b"\n")
    return [*lines[:start], *decoded], [Repair(KIND, start + 1, Confidence.LIKELY)]


def _is_encoded(lines: list[bytes]) -> bool:
    proof = False
    for line in lines:
        if b"=" not in line:
            continue
        if len(line) > LONGEST or BARE.search(line):
            return False
        # Encoders cut as late as they can: an escape is three characters. On an added line an
        # escape may be what the author adds.
        is_added = line.startswith(b"+")
        if (ESCAPE.search(line) and not is_added) or len(line) >= FULL:
            proof = True
    return proof
