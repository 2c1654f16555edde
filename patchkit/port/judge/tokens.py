"""Tokens: the port adds and removes what the patch does, no more, and no less unseen."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from patchkit.patch.model import Hunk, Kind, Line
from patchkit.port.judge.evidence import Adaptation, Evidence, Objection
from patchkit.port.merge.edits import edits
from patchkit.port.text import key

TOKEN = re.compile(rb"\w+|[^\w\s]")


def tokens(adaptation: Adaptation, _: Evidence) -> Iterator[Objection]:
    """Less than the patch does is right only where the target has that part already."""
    sent, landed = _change(adaptation.original), _change(adaptation.port)
    if sent == landed:
        return
    for part in _there(adaptation):
        sent.subtract(part)
    made = _made(adaptation)
    for token in sorted(set(sent) | set(landed)):
        wanted, got = sent[token], landed[token]
        shown = token.decode("latin-1")
        if got > max(wanted, 0) or got < min(wanted, 0):
            yield Objection(f"it would change '{shown}' {_times(got)}, the patch {_times(wanted)}")
            return
        if got != wanted and not min(0, made[token]) <= wanted - got <= max(0, made[token]):
            yield Objection(f"'{shown}' changes {_times(wanted)} in the patch, {_times(got)} here")
            return


def _times(count: int) -> str:
    return f"{count:+d} times"


def _change(hunk: Hunk) -> Counter[bytes]:
    """How often each token is added, less how often it is removed; none that stays."""
    change = _count(hunk.lines, Kind.ADDED)
    change.subtract(_count(hunk.lines, Kind.REMOVED))
    return Counter({token: count for token, count in change.items() if count})


def _made(adaptation: Adaptation) -> Counter[bytes]:
    """How much more often each token stands in the target's lines than in those that the patch
    was made against."""
    change = Counter(token for ln in adaptation.port.old for token in TOKEN.findall(ln.text))
    change.subtract(token for ln in adaptation.original.old for token in TOKEN.findall(ln.text))
    return change


def _count(lines: Sequence[Line], kind: Kind) -> Counter[bytes]:
    return Counter(token for ln in lines if ln.kind is kind for token in TOKEN.findall(ln.text))


def _there(adaptation: Adaptation) -> Iterator[Counter[bytes]]:
    """The changes of those edits whose added lines the target had."""
    old = adaptation.original.old
    before = [key(line.text) for line in adaptation.port.old]
    made = {key(ln.text) for ln in adaptation.port.lines if ln.kind is Kind.ADDED}
    for edit in edits(adaptation.original):
        added = [key(line.text) for line in edit.added]
        if not added or set(added) <= made or not _holds(before, added):
            continue
        change = Counter(token for text in added for token in TOKEN.findall(text))
        change.subtract(
            token for line in old[edit.start : edit.end] for token in TOKEN.findall(line.text)
        )
        yield change


def _holds(lines: Sequence[bytes], block: Sequence[bytes]) -> bool:
    size = len(block)
    return any(list(lines[at : at + size]) == block for at in range(len(lines) - size + 1))
