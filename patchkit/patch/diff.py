"""Two versions of a file → the change between them, by patience diff."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from patchkit.patch.model import FileChange, Hunk, Kind, Line

CONTEXT = 3


def change_between(
    path: PurePosixPath,
    old: bytes | None,
    new: bytes | None,
    *,
    modes: tuple[str | None, str | None] = (None, None),
) -> FileChange:
    """How *old* becomes *new*; None on either side for a file that is not there.

    *modes* are git's octal texts before and after.
    """
    return FileChange(
        old_path=None if old is None else path,
        new_path=None if new is None else path,
        hunks=tuple(_hunks(_lines(old or b""), _lines(new or b""))),
        old_mode=modes[0],
        new_mode=modes[1],
    )


def _lines(data: bytes) -> list[tuple[bytes, bool]]:
    """Lines, and whether each ends with a newline: a last line without one is another line."""
    parts = data.split(b"\n")
    last = parts.pop()
    return [(part, True) for part in parts] + ([(last, False)] if last else [])


def _hunks(old: list[tuple[bytes, bool]], new: list[tuple[bytes, bool]]) -> Iterator[Hunk]:
    from patiencediff import PatienceSequenceMatcher

    matcher = PatienceSequenceMatcher(None, old, new)
    for group in matcher.get_grouped_opcodes(CONTEXT):
        lines: list[Line] = []
        for tag, i1, i2, j1, j2 in group:
            if tag == "equal":
                lines += [Line(Kind.CONTEXT, text, end) for text, end in old[i1:i2]]
                continue
            lines += [Line(Kind.REMOVED, text, end) for text, end in old[i1:i2]]
            lines += [Line(Kind.ADDED, text, end) for text, end in new[j1:j2]]
        old_start, new_start = group[0][1], group[0][3]
        old_size, new_size = group[-1][2] - old_start, group[-1][4] - new_start
        # An empty side is named by the line before it.
        yield Hunk(old_start + (old_size > 0), new_start + (new_size > 0), tuple(lines))
