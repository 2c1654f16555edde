"""Page source instead of text: ``&lt;``, ``&gt;``, ``&amp;``, ``&quot;`` and numbers."""

from __future__ import annotations

import html
import re
from functools import lru_cache

from patchkit.repair.damage import Confidence, Repair

KIND = "html-entities"
ENTITY = re.compile(rb"&(?:lt|gt|amp|quot|apos|nbsp|#\d{1,4}|#x[0-9A-Fa-f]{1,4});")
# A page never shows these bare; C cannot do without.
BARE = re.compile(rb"[<>]|&(?!(?:lt|gt|amp|quot|apos|nbsp|#\d{1,4}|#x[0-9A-Fa-f]{1,4});)")


def mend(lines: list[bytes]) -> tuple[list[bytes], list[Repair]]:
    """*lines* with the characters, from the first diff head on, where none of them stands bare."""
    start = next(
        (at for at, line in enumerate(lines) if line.startswith((b"--- ", b"diff "))), None
    )
    if start is None:
        return lines, []
    diff = lines[start:]
    # On added lines alone it is what the author adds; a page does it to all.
    elsewhere = (line for line in diff if not line.startswith(b"+"))
    if any(BARE.search(line) for line in diff) or not any(ENTITY.search(ln) for ln in elsewhere):
        return lines, []
    repairs = [
        Repair(KIND, number, Confidence.LIKELY)
        for number, line in enumerate(diff, start + 1)
        if ENTITY.search(line)
    ]
    return [*lines[:start], *(_decoded(line) for line in diff)], repairs


def _decoded(line: bytes) -> bytes:
    return ENTITY.sub(lambda match: _character(match[0]), line) if b"&" in line else line


@lru_cache(maxsize=512)
def _character(entity: bytes) -> bytes:
    return html.unescape(entity.decode()).encode()
