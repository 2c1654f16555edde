"""Quoted-printable (RFC 2045 6.7) that was decoded but for some escapes: ``=20`` at the ends of
lines, ``=09`` for tabs, ``=3D``."""

from __future__ import annotations

import re

from patchkit.repair.damage import Confidence, Repair
from patchkit.repair.diff_start import diff_start

KIND = "half-decoded"
# No C number: "09" is no octal, "3D" has no digit's suffix.
PROOF = re.compile(rb"=3D(?![0-9A-Za-z_])|=3D=3D|=09(?![0-9.])|^[ +-]?=20$")
ESCAPE = re.compile(rb"=(3D|09)|=(20)$")
PLAIN = {b"3D": b"=", b"09": b"\t", b"20": b" "}


def mend(lines: list[bytes]) -> tuple[list[bytes], list[Repair]]:
    """*lines* with these escapes decoded, from the first diff head on, where one of them can be
    nothing else."""
    start = diff_start(lines)
    if start is None or not any(_is_proof(line) for line in lines[start:]):
        return lines, []
    mended, repairs = lines[:start], []
    for number, line in enumerate(lines[start:], start + 1):
        text = ESCAPE.sub(lambda match: PLAIN[match[1] or match[2]], line) if b"=" in line else line
        if text != line:
            repairs.append(Repair(KIND, number, Confidence.LIKELY))
        mended.append(text)
    return mended, repairs


def _is_proof(line: bytes) -> bool:
    """Can an escape in *line* be nothing else? On an added line it may be what the author adds."""
    return b"=" in line and not line.startswith(b"+") and PROOF.search(line) is not None
