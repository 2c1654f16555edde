"""The ``@@`` line ends with the function's name, and a mailer cut it there: the rest begins the
hunk."""

from __future__ import annotations

from patchkit.patch.raw import HUNK
from patchkit.repair.damage import Confidence, Repair
from patchkit.repair.step import MARKERS
from patchkit.repair.wrapped_lines import NARROWEST

KIND = "wrapped-section"
NOT_WORDS = (b"@@", b"\\", b"diff ", b"\t")


def mend(lines: list[bytes]) -> tuple[list[bytes], list[Repair]]:
    """*lines* with each such ``@@`` line in one, an empty line above it in the place of the first
    piece. Where context lines lost their blanks no line can be told from a piece."""
    if any(line.startswith(b"\t") for line in lines):
        return lines, []
    mended = list(lines)
    repairs = []
    for at in range(len(lines) - 1):
        if lines[at].startswith(b"@@") and _is_cut(lines[at], lines[at + 1]):
            mended[at], mended[at + 1] = b"", lines[at] + b" " + lines[at + 1]
            repairs.append(Repair(KIND, at + 2, Confidence.LIKELY))
    return mended, repairs


def _is_cut(head: bytes, rest: bytes) -> bool:
    """Would the first word of *rest* have made *head* too long for a mailer?"""
    hunk = HUNK.match(head)
    if hunk is None or not hunk[5].strip() or not rest.strip():
        return False
    if rest[:1] in MARKERS or rest.startswith(NOT_WORDS):
        return False
    return len(head) + 1 + len(rest.split(None, 1)[0]) > NARROWEST
