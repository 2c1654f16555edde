"""The ``@@`` line names the function that a hunk is in: it decides between twins."""

from __future__ import annotations

import re
from collections.abc import Sequence

from patchkit.port.ladder.place import Sought
from patchkit.port.text import key

# What diff -p takes for the line to name: whatever begins with a letter in the first column. git
# leaves labels out.
_NAMED = re.compile(rb"[A-Za-z_$]")
_LABEL = re.compile(rb"[A-Za-z_]\w*\s*:(?!:)")
_FUNCTION = re.compile(rb"(\w+)\s*\(")
# A shorter one may be cut off anywhere.
SHORTEST = 4
# Of so many places, none is a twin of the others.
MOST = 50


def in_section(sought: Sought, places: Sequence[int]) -> list[int]:
    """Those of *places* below the line that the hunk's ``@@`` line names; all of them where none
    is, or where no line is named."""
    section = key(sought.hunk.section)
    if len(section) < SHORTEST or not 1 < len(set(places)) <= MOST:
        return list(places)
    above = {at: _above(sought.text.lines, at) for at in places}
    found = [at for at in places if any(line.startswith(section) for line in above[at])]
    if not found and (name := _FUNCTION.search(section)):
        # Its parameters changed since.
        names = {at: {m[1] for line in above[at] if (m := _FUNCTION.search(line))} for at in places}
        found = [at for at in places if name[1] in names[at]]
    return found or list(places)


def begun(lines: Sequence[bytes]) -> set[bytes]:
    """The names of the functions whose first line is among *lines*; a declaration's is none."""
    heads = (line for line in lines if _NAMED.match(line) and not line.rstrip().endswith(b";"))
    return {m[1] for line in heads if (m := _FUNCTION.search(line))}


def _above(lines: Sequence[bytes], at: int) -> set[bytes]:
    """The lines that diff and git would name for a hunk that begins at *at*."""
    found: set[bytes] = set()
    for index in range(min(at, len(lines)) - 1, -1, -1):
        line = lines[index]
        if _NAMED.match(line):
            found.add(key(line))
            if not _LABEL.match(line):
                break
    return found
