"""The door to unidiff: strict parsing, checked by a round trip.

unidiff 1.0.1 drops the last line of a hunk silently where a count is too small and stays
``is_valid()``; only rendering again shows it. It wants text: Latin-1 keeps every byte.
"""

from __future__ import annotations

from patchkit.errors import InputError
from patchkit.patch.model import Hunk
from patchkit.patch.render import hunk_bytes


def strict(hunks: tuple[Hunk, ...], source: str, lineno: int) -> tuple[Hunk, ...]:
    """*hunks* as every other tool will read them: rendered, and parsed strictly.

    *source* and *lineno* name the place for people.

    Raises:
        InputError: unidiff reads another patch in them than was meant; it must not be applied.
    """
    if not hunks:
        return ()
    from unidiff.errors import UnidiffParseError
    from unidiff.patch import PatchSet

    body = b"".join(hunk_bytes(hunk) for hunk in hunks)
    sent = (b"--- a/file\n+++ b/file\n" + body).decode("latin-1")
    try:
        # Not splitlines(): it also cuts at \r, \f and, in Latin-1 text, \x85.
        parsed = PatchSet(line + "\n" for line in sent.split("\n")[:-1])
    except UnidiffParseError as error:
        raise InputError(f"{source}:{lineno}: no well-formed diff: {error}") from error
    if str(parsed) != sent or [len(file) for file in parsed] != [len(hunks)]:
        raise InputError(f"{source}:{lineno}: the hunk's lines do not survive a strict parser")
    # What unidiff read is what was sent, hunk for hunk: ours needs no second making.
    return hunks
