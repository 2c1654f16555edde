"""An added line whose tabs became blanks: columns are known, and the law checks every answer."""

from __future__ import annotations

from collections.abc import Iterable

from patchkit.patch.model import Kind
from patchkit.port.spacing import gaps
from patchkit.port.spacing.columns import TAB, fill, lead, width
from patchkit.port.spacing.laws import Law, obeys
from patchkit.port.spacing.words import example


def indentation(received: bytes, law: Law, likely: Iterable[bytes], *, goes_on: bool) -> bytes:
    """The white space before *received*: the first of the *likely* ones that may have become
    what it has, else tabs where they end just there. A line that *goes_on* from another may
    begin one column behind a tab stop; one that does not has eight blanks for each tab."""
    blanks = lead(received)
    columns = len(blanks) + _shift(law)
    tabs = fill(0, columns)
    behind_stop = columns % TAB == 1 and not goes_on
    for candidate in likely:
        if not (behind_stop and candidate == tabs) and _becomes(candidate, blanks, law):
            return candidate
    return tabs if not behind_stop and _becomes(tabs, blanks, law) else blanks


def _becomes(candidate: bytes, blanks: bytes, law: Law) -> bool:
    return obeys(law, Kind.ADDED, blanks + b"x", candidate + b"x")


def _shift(law: Law) -> int:
    """The columns that the marker took when tabs were expanded."""
    return 1 if law is Law.EXPANDED else 0


def restored(indent: bytes, received: bytes, law: Law, around: gaps.Around) -> bytes:
    """*received* behind *indent*, with tabs in its gaps where lines like it have tabs, or where a
    run of blanks ends at a tab stop."""
    spans = _spans(received, law)
    pairs = {end % TAB for start, end in spans if end - start == 2}

    def fitted(gap: bytes, at: int) -> bytes:
        start, end = spans[at]
        if width(gap, start) == end:
            return gap
        blanks = b" " * (end - start)
        if end % TAB:
            return fill(start, end) if b"\t " in gap else blanks
        if b"\t" in gap or len(blanks) > 2:
            return fill(start, end)
        # Two blanks part sentences and columns of figures, more often than they hide a tab.
        return blanks if len(blanks) == 1 or len(pairs) > 1 else fill(start, end)

    line = gaps.restore(indent, b" ".join(received.split()), around, fitted)
    return line if obeys(law, Kind.ADDED, received, line) else indent + received.strip()


def _spans(received: bytes, law: Law) -> list[tuple[int, int]]:
    """The columns, the marker's counted, at which each gap begins and ends."""
    apart = example(received)
    column = len(lead(received)) + _shift(law)
    spans = []
    for word, gap in zip(apart.words, apart.gaps, strict=True):
        start = column + len(word)
        column = start + len(gap)
        spans.append((start, column))
    return spans
