"""A patch's identity: the same change has the same one, wherever it stands and whoever sent it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

from patchkit.patch.model import FileChange
from patchkit.patch.render import file_bytes

# For git a form feed is no white space.
_WHITE_SPACE = re.compile(rb"[ \t\n\r]+")


def patch_id(files: Iterable[FileChange]) -> str:
    """What ``git patch-id --stable`` says of *files* as git would write their diff: line numbers
    and white space do not count, nor does the files' order."""
    total = 0
    pending = b""
    hunks = False
    for change in files:
        # git carries a file without hunks over into the next one's hash.
        if hunks:
            total, pending = _sum(total, pending), b""
        pending += _counted(file_bytes(change))
        hunks = bool(change.hunks)
    return (_sum(total, pending) % (1 << 160)).to_bytes(20, "little").hex()


def _sum(total: int, hashed: bytes) -> int:
    digest = hashlib.sha1(hashed, usedforsecurity=False).digest()
    return total + int.from_bytes(digest, "little")


def _counted(diff: bytes) -> bytes:
    lines = (line for line in diff.split(b"\n") if not line.startswith((b"@@ ", b"\\ ")))
    return _WHITE_SPACE.sub(b"", b"\n".join(lines))
