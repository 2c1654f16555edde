"""PGP's clear text signatures (RFC 4880 7.1) put ``- `` before every line that begins with a dash.
The mail reader undoes it; here is what was copied out of such a mail without its frame."""

from __future__ import annotations

from patchkit.repair.damage import Confidence, Repair

KIND = "dash-escapes"
HEAD, PLUS = b"- --- ", b"+++ "


def mend(lines: list[bytes]) -> tuple[list[bytes], list[Repair]]:
    """*lines* without the escapes, from the first escaped head on."""
    start = next((at for at in range(len(lines)) if _is_head(lines, at)), None)
    if start is None:
        return lines, []
    mended, repairs = lines[:start], []
    for number, line in enumerate(lines[start:], start + 1):
        escaped = line.startswith(b"- -")
        if escaped:
            repairs.append(Repair(KIND, number, Confidence.CERTAIN))
        mended.append(line[2:] if escaped else line)
    return mended, repairs


def _is_head(lines: list[bytes], at: int) -> bool:
    return lines[at].startswith(HEAD) and any(
        line.startswith(PLUS) for line in lines[at + 1 : at + 3]
    )
