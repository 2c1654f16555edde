"""``@ -1,3 +1,4 @``: a gateway that doubles and halves ``@`` (CompuServe's did) ate one of two."""

from __future__ import annotations

import re

from patchkit.repair.damage import Confidence, Repair

KIND = "halved-at-signs"
HALVED = re.compile(rb"@ (-\d+(?:,\d+)? \+\d+(?:,\d+)?) @(?!@)(.*)", re.S)


def mend(lines: list[bytes]) -> tuple[list[bytes], list[Repair]]:
    """*lines* with whole ``@@`` lines, where the first of a file stands below its ``+++``."""
    mended = list(lines)
    repairs: list[Repair] = []
    in_diff = False
    for at, line in enumerate(lines):
        if line.startswith((b"+++ ", b"@@ ")):
            in_diff = line.startswith(b"+++ ")
        elif in_diff and (match := HALVED.match(line)):
            mended[at] = b"@@ " + match[1] + b" @@" + match[2]
            repairs.append(Repair(KIND, at + 1, Confidence.CERTAIN))
    return mended, repairs
