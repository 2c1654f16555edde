"""White space that nobody can restore and that matters: inside strings."""

from __future__ import annotations

import re
from collections.abc import Sequence

from patchkit.patch.model import Kind, Line
from patchkit.port.spacing.laws import Law
from patchkit.port.text import key

STRING_WITH_BLANK = re.compile(rb'"(?:\\.|[^"\\])*[ \t](?:\\.|[^"\\])*"')
CHANGED = (Kind.REMOVED, Kind.ADDED)
# Under these laws a run of blanks may have become one anywhere.
LOSES_RUNS = (Law.COLLAPSED, Law.UNKNOWN)


def doubts(lines: Sequence[Line], gone: Sequence[bytes], law: Law) -> tuple[str, ...]:
    """A sentence for each added line of a hunk whose string may have lost blanks. A string that
    the target's own lines (*gone*) hold is in no doubt."""
    if law is Law.KEPT:
        return ()
    sides = [[key(ln.text) for ln in lines if ln.kind is not kind] for kind in CHANGED]
    if sides[0] == sides[1]:
        return ("it changes white space only, and the mail lost white space",)
    if law not in LOSES_RUNS:
        return ()
    known = {match for line in gone for match in STRING_WITH_BLANK.findall(line)}
    told = []
    for line in lines:
        if line.kind is not Kind.ADDED:
            continue
        for string in STRING_WITH_BLANK.findall(line.text):
            if string not in known:
                shown = string.decode("utf-8", "backslashreplace")
                told.append(f"blanks inside {shown} may be fewer than the author wrote")
    return tuple(told)
