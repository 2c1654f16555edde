"""Why a hunk has no place: the best candidate, and which lines differ there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from difflib import SequenceMatcher

from patchkit.patch.model import Kind
from patchkit.port.ladder.place import TRIVIAL, Miss, Sought
from patchkit.port.text import key

# A line that stands more often than this says nothing about the place.
COMMON = 50
SHOWN = 12
# How far around the expected line rewritten lines are looked for, and how like they must be.
REACH = 2000
ALIKE = 70


def candidate(sought: Sought) -> int | None:
    """The index where most of the old image's lines stand as they should; None if none do."""
    places: dict[bytes, list[int]] = {}
    for at, text in enumerate(sought.text.keys):
        places.setdefault(text, []).append(at)
    votes: Counter[int] = Counter()
    for index, line in enumerate(sought.old):
        text = key(line)
        if text not in TRIVIAL and len(places.get(text, ())) <= COMMON:
            votes.update(at - index for at in places.get(text, ()))
    if not votes:
        votes = _alike(sought)
    if not votes:
        return None
    return max(votes, key=lambda at: (votes[at], -abs(at - sought.expected)))


def _alike(sought: Sought) -> Counter[int]:
    """Places by lines that are like the old image's without being the same: rewritten since."""
    from rapidfuzz import fuzz, process

    votes: Counter[int] = Counter()
    near = range(max(0, sought.expected - REACH), min(len(sought.text), sought.expected + REACH))
    lines = [sought.text.keys[at].decode("latin-1") for at in near]
    for index, line in enumerate(sought.old):
        text = key(line)
        if text in TRIVIAL:
            continue
        wanted = text.decode("latin-1")
        best = process.extractOne(wanted, lines, scorer=fuzz.ratio, score_cutoff=ALIKE)
        if best is not None:
            votes[near[best[2]] - index] += 1
    return votes


def differences(sought: Sought, at: int) -> Iterator[str]:
    """What the patch has, and what the target has near index *at*, line by line."""
    old = [(line.kind, key(line.text)) for line in sought.hunk.old]
    start = max(0, at)
    window = sought.text.keys[start : start + len(old) + 2]
    matcher = SequenceMatcher(None, [text for _, text in old], window, False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal" or (tag == "insert" and i1 == len(old)):
            continue
        for i in range(i1, i2):
            kind = "removed" if old[i][0] is Kind.REMOVED else "context"
            yield f"{kind} line '{_shown(old[i][1])}' is not there"
        for j in range(j1, j2 if i2 < len(old) else min(j2, j1 + i2 - i1)):
            yield f"line {start + j + 1} has '{_shown(window[j])}'"


def explained(sought: Sought, miss: Miss) -> tuple[str, tuple[str, ...]]:
    """A conflict's reason in one line, and the differing lines."""
    if miss.places:
        lines = ", ".join(str(at + 1) for at in miss.places[:6])
        return f"{miss.reason}: lines {lines}", ()
    if not sought.old:
        return miss.reason, ()
    at = candidate(sought)
    if at is None:
        return "none of its context is in the file", ()
    best = f"the best candidate is line {max(at, 0) + 1}"
    details = tuple(differences(sought, at))
    if miss.reason:
        return f"{miss.reason}; {best}", details[:SHOWN]
    if not details:
        return best, ()
    differing = sum(" is not there" in detail for detail in details)
    return (
        f"{differing} of {len(sought.old)} lines differ at line {max(at, 0) + 1}: {details[0]}",
        details[:SHOWN],
    )


def _shown(text: bytes) -> str:
    return text.decode("utf-8", "backslashreplace")
