"""A patch inside a reply: ``> `` before every line, once for each reply."""

from __future__ import annotations

import re

from patchkit.repair.damage import Confidence, Repair

KIND = "quoted-reply"
# Some mailers put the quoted person's initials before the sign.
HEAD = re.compile(rb"((?:[A-Za-z]{0,4}[>|] ?){1,20})(---|\+\+\+|@@) ")
PLAIN = (b"--- ", b"diff --git ")


def mend(lines: list[bytes]) -> tuple[list[bytes], list[Repair]]:
    """*lines* without the quoting, where a quoted diff is the only one there.

    A reply that brings a diff of its own means that one: what it quotes stays quoted. Lines that
    are quoted less deep are the replier's words and become prose that no hunk can hold.
    """
    if _has_plain_diff(lines):
        return lines, []
    found = next(((at, m) for at, line in enumerate(lines) if (m := _diff_at(lines, at))), None)
    if found is None:
        return lines, []
    first, prefix = found
    mended = [_unquoted(line, prefix) for line in lines]
    return mended, [Repair(KIND, first + 1, Confidence.CERTAIN)]


def _has_plain_diff(lines: list[bytes]) -> bool:
    return any(
        line.startswith(b"--- ") and any(n.startswith(b"+++ ") for n in lines[at + 1 : at + 4])
        for at, line in enumerate(lines)
    ) or any(line.startswith(b"diff --git ") for line in lines)


def _diff_at(lines: list[bytes], at: int) -> bytes | None:
    """The quoting before a ``---`` whose ``+++`` is quoted the same way."""
    head = HEAD.match(lines[at])
    if head is None or head[2] != b"---":
        return None
    plus = head[1] + b"+++ "
    return head[1] if any(line.startswith(plus) for line in lines[at + 1 : at + 4]) else None


def _unquoted(line: bytes, prefix: bytes) -> bytes:
    if line.startswith(prefix):
        return line[len(prefix) :]
    # A quoted empty line lost the blank behind the ">".
    return b"" if line == prefix.rstrip() else line
