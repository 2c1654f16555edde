"""A diff against an editor's backup names ``mm.h.~1~``, ``mm.h~`` or ``mm.h.orig``: not a file
of the tree."""

from __future__ import annotations

import re

KIND = "backup-names"
BACKUP = re.compile(rb"(?:\.~\d+~|~|\.orig|\.old|\.bak)$")


def mend(old: bytes, new: bytes) -> tuple[bytes, bytes]:
    """The two names without the backup's ending where the other name, or the same change made
    the other way round, shows the file's own."""
    plain_old, plain_new = BACKUP.sub(b"", old), BACKUP.sub(b"", new)
    if plain_old != old and _same_file(plain_old, new):
        return plain_old, new
    if plain_new != new and _same_file(plain_new, old):
        return old, plain_new
    return old, new


def _same_file(one: bytes, other: bytes) -> bool:
    """Do the names mean one file, but for a folder in front?"""
    return one == other or one.partition(b"/")[2] == other.partition(b"/")[2] != b""
