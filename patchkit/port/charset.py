"""Letters beyond ASCII: a mail has them in one form, the tree's file in another."""

from __future__ import annotations

from collections.abc import Collection, Sequence

MIXED = "letters of its added lines are UTF-8, those of the file are not"


def mixed(added: Collection[bytes], target: Sequence[bytes]) -> tuple[str, ...]:
    """A doubt where *added* lines hold UTF-8 and *target*, the file's lines, some other form.
    Kernels had Latin-1 for the names of people; nothing is decoded, for nobody says what it is."""
    letters = [line for line in added if not line.isascii()]
    if not letters or not all(_is_utf8(line) for line in letters):
        return ()
    return () if all(line.isascii() or _is_utf8(line) for line in target) else (MIXED,)


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True
