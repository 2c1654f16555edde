"""White space that nobody can restore and that matters: inside strings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from patchkit.patch.model import Kind, Line
from patchkit.port.spacing.columns import TAB
from patchkit.port.spacing.laws import Law
from patchkit.port.text import key

# A string, one that the line does not end included; a quote may stand as a character.
STRING = re.compile(rb'"(?:\\.|[^"\\])*(?:"|\\?$)|\'(?:\\.|[^\'\\])\'')
RUN = re.compile(rb"[ \t]+")
CHANGED = (Kind.REMOVED, Kind.ADDED)
# Under these laws a run of blanks may have become one anywhere.
LOSES_RUNS = (Law.COLLAPSED, Law.UNKNOWN)


def doubts(lines: Sequence[Line], target: Sequence[bytes], law: Law) -> tuple[str, ...]:
    """A sentence for each string in an added line of a hunk that may have lost white space.
    *target* are the lines of the file: a string that it holds is in no doubt."""
    if law is Law.KEPT:
        return ()
    sides = [[key(ln.text) for ln in lines if ln.kind is not kind] for kind in CHANGED]
    if sides[0] == sides[1]:
        return ("it changes white space only, and the mail lost white space",)
    if law is Law.TRAILING_LOST:
        return ()
    added = [line.text for line in lines if line.kind is Kind.ADDED]
    suspects = [text for text in _strings(added) if _may_have_lost(*text, law)]
    if not suspects:
        return ()
    known = b"\n".join(target)
    lost = "may be fewer than the author wrote" if law in LOSES_RUNS else "may have been tabs"
    return tuple(
        f"blanks inside {text.decode('utf-8', 'backslashreplace')} {lost}"
        for text in dict.fromkeys(text for text, _ in suspects)
        if text not in known
    )


def _strings(added: Sequence[bytes]) -> Iterator[tuple[bytes, int]]:
    """The strings of *added* lines, each with its column. One that no line ends goes on in the
    next as old compilers had it."""
    is_open = False
    for line in added:
        rest = 0
        if is_open:
            end = line.find(b'"')
            yield (line if end < 0 else line[: end + 1]), 0
            if end < 0:
                continue
            rest = end + 1
        is_open = False
        for found in STRING.finditer(line, rest):
            if found[0].startswith(b'"'):
                yield found[0], found.start()
                is_open = len(found[0]) == 1 or not found[0].endswith(b'"')


def _may_have_lost(text: bytes, column: int, law: Law) -> bool:
    if law in LOSES_RUNS:
        return RUN.search(text) is not None
    # Tabs ended at a stop; the marker's column counts or does not.
    return any(
        (column + run.end() + shift) % TAB == 0
        for run in RUN.finditer(text)
        for shift in ((1,) if law is Law.EXPANDED else (0,))
    )
