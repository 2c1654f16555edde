"""What became of the white space of a patch, as functions from the author's line to the one
received. The target holds the author's context lines, so a law can be checked, not guessed."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from enum import Enum
from typing import NamedTuple

from patchkit.patch.model import Kind, Spacing

RUN = re.compile(rb"[ \t]+")
TAB_STOP = 8


class Pair(NamedTuple):
    """A context or removed line as received, and the target's own."""

    kind: Kind
    received: bytes
    actual: bytes


class Law(Enum):
    """The laws, mildest first."""

    KEPT = "kept"
    TRAILING_LOST = "trailing blanks lost"
    EXPANDED = "tabs expanded"  # to stops that count the marker as a column
    EXPANDED_APART = "tabs expanded before the marker was put"
    COLLAPSED = "runs collapsed"
    UNKNOWN = "unknown"


def _expanded(kind: Kind, text: bytes) -> bytes:
    return (kind.value + text).expandtabs(TAB_STOP)[1:].rstrip()


def _collapsed(kind: Kind, text: bytes) -> bytes:
    """hypermail: every run is one blank; what leads a context line keeps its width (in columns,
    or in eights), which is checked by no law, as archives differ in it."""
    return RUN.sub(b" ", text).rstrip()


FORWARD: dict[Law, Callable[[Kind, bytes], bytes]] = {
    Law.KEPT: lambda kind, text: text,
    Law.TRAILING_LOST: lambda kind, text: text.rstrip(),
    Law.EXPANDED: _expanded,
    Law.EXPANDED_APART: lambda kind, text: text.expandtabs(TAB_STOP).rstrip(),
    Law.COLLAPSED: _collapsed,
}


def obeys(law: Law, kind: Kind, received: bytes, actual: bytes) -> bool:
    """May *received* come from *actual* by *law*?"""
    if law is Law.UNKNOWN:
        return received.split() == actual.split()
    if law is Law.KEPT:
        return received == actual
    if law is Law.COLLAPSED and kind is Kind.CONTEXT:
        return RUN.sub(b" ", received).strip() == RUN.sub(b" ", actual).strip()
    return FORWARD[law](kind, actual) == received.rstrip()


def infer(pairs: Sequence[Pair], spacing: Spacing) -> Law:
    """The law by which the mail lost white space, by what the *pairs* show. *spacing* is what the
    whole diff looks like: it decides where the pairs have no white space to learn from.

    Where the mail shows no damage, a pair that differs is the target's doing: it was indented
    anew since, and the author's lines are as received.
    """
    broken = {law: sum(not obeys(law, *pair) for pair in pairs) for law in Law}
    if not broken[Law.KEPT]:
        return Law.KEPT if _is_proof(pairs, spacing) else UNPROVEN[spacing]
    for law in (Law.TRAILING_LOST, Law.EXPANDED, Law.EXPANDED_APART, Law.COLLAPSED):
        if not broken[law] and _may_be(law, pairs, spacing):
            return law
    if spacing is Spacing.KEPT:
        return min((Law.KEPT, Law.TRAILING_LOST), key=broken.__getitem__)
    if spacing is Spacing.COLUMNS and 5 * broken[Law.EXPANDED] < len(pairs):
        return Law.EXPANDED
    return Law.COLLAPSED if spacing is Spacing.COLLAPSED else Law.UNKNOWN


# The law of a diff of which no pair tells anything.
UNPROVEN = {
    Spacing.KEPT: Law.KEPT,
    Spacing.COLUMNS: Law.EXPANDED,
    Spacing.COLLAPSED: Law.COLLAPSED,
}


def _is_proof(pairs: Sequence[Pair], spacing: Spacing) -> bool:
    """Do pairs that are all alike prove that nothing was lost?"""
    if spacing is Spacing.COLUMNS:
        return any(pair.actual.startswith(b" " * TAB_STOP) for pair in pairs)
    return spacing is Spacing.KEPT or any(_has_run(pair) for pair in pairs)


def _may_be(law: Law, pairs: Sequence[Pair], spacing: Spacing) -> bool:
    """May *law*, which all pairs obey, be the mail's? What it takes away must be gone."""
    if law is Law.COLLAPSED:
        return not any(_has_run(pair) for pair in pairs)
    if law is Law.TRAILING_LOST:
        return True
    return spacing is not Spacing.COLLAPSED and not any(b"\t" in p.received for p in pairs)


def _has_run(pair: Pair) -> bool:
    """Does the received line hold white space that archives collapse? They keep the width of what
    leads a context line."""
    text = pair.received.strip() if pair.kind is Kind.CONTEXT else pair.received.rstrip()
    return b"\t" in text or b"  " in text
