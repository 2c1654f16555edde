"""format=flowed (RFC 3676 4.4) puts a blank before every line that begins with one; saved without
its head, nobody takes it away again."""

from __future__ import annotations

import re

from patchkit.repair.damage import Confidence, Repair
from patchkit.repair.diff_start import diff_start

KIND = "stuffed-lines"
# Behind two blanks stands what a context line can't begin with, in a kernel's source: an
# indentation by tabs, or what stands in the first column.
PROOF = re.compile(rb"  (?:\t|[#{}/]|(?:static|struct|int|void|extern)\b)")
ENOUGH = 2


def mend(lines: list[bytes]) -> tuple[list[bytes], list[Repair]]:
    """*lines* without the stuffing, where no line of the diff begins with a single blank."""
    start = diff_start(lines)
    if start is None:
        return lines, []
    context = [line for line in lines[start:] if line.startswith(b" ")]
    proofs = sum(PROOF.match(line) is not None for line in context)
    if proofs < ENOUGH or any(line[1:2] not in (b" ", b"") for line in context):
        return lines, []
    mended = [line[1:] if line.startswith(b" ") else line for line in lines[start:]]
    first = next(at for at, line in enumerate(lines[start:], start + 1) if line.startswith(b" "))
    return lines[:start] + mended, [Repair(KIND, first, Confidence.CERTAIN)]
