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
    """The mildest law that explains every pair. *spacing* is what the whole diff looks like: it
    decides where the pairs hold no white space to learn from."""
    return next(
        law
        for law in Law
        if not _is_ruled_out(law, pairs, spacing) and all(obeys(law, *pair) for pair in pairs)
    )


def _is_ruled_out(law: Law, pairs: Sequence[Pair], spacing: Spacing) -> bool:
    if law in (Law.KEPT, Law.TRAILING_LOST):
        kept = any(b"\t" in pair.received or b"  " in pair.received.strip() for pair in pairs)
        return spacing is not Spacing.KEPT and not kept
    return spacing is Spacing.COLLAPSED and law in (Law.EXPANDED, Law.EXPANDED_APART)
