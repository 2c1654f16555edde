"""DOS line ends: the mail's, not the file's, where the diff's own heads have them too."""

from __future__ import annotations

from patchkit.repair.damage import Confidence, Repair

KIND = "crlf"
HEADS = (b"--- ", b"+++ ", b"@@ ", b"> --- ", b"> +++ ", b"> @@ ")


def mend(lines: list[bytes]) -> tuple[list[bytes], list[Repair]]:
    """*lines* without the carriage returns that a mailer added. A patch of a DOS file keeps its
    own: diff writes its heads with a bare newline."""
    heads = [line for line in lines if line.startswith(HEADS)]
    if not heads or not all(line.endswith(b"\r") for line in heads):
        return lines, []
    first = next(number for number, line in enumerate(lines, 1) if line.endswith(b"\r"))
    mended = [line[:-1] if line.endswith(b"\r") else line for line in lines]
    return mended, [Repair(KIND, first, Confidence.CERTAIN)]
