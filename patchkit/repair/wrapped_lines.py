"""Mailers cut long lines at a blank: the rest stands on the next line, without a marker."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from patchkit.repair.damage import Confidence, Repair
from patchkit.repair.step import MARKERS, Move, Step

KIND = "wrapped-lines"
# No mailer in the archives wraps narrower than Eudora's 65 columns.
NARROWEST = 60
# Up to here a line may be all indentation: no mailer cuts there.
MARGIN = 20
# A line of more pieces than this was not cut by a mailer.
PIECES = 16


# The price of ending a hunk right above what may be the rest of its last line. Below that of
# doubt: with both readings at hand, the target decides or it is a conflict.
LEFT_OUT = 2.0


class Widths(NamedTuple):
    """The longest line that a mailer left whole although it has a blank to cut at. Mailers count
    bytes or columns (a tab up to eight); no cut was made where the next word would have fit."""

    received: int = NARROWEST
    columns: int = NARROWEST
    # Is there any line without a marker? A mailer that wraps leaves some.
    cuts: bool = True

    @classmethod
    def of(cls, lines: Sequence[bytes]) -> Widths:
        """The widths of a mail, by the lines of its hunks."""
        breakable = [line for line in lines if b" " in line[MARGIN:].rstrip()]
        return cls(
            max((len(line) for line in breakable), default=NARROWEST),
            max((len(line.expandtabs()) for line in breakable), default=NARROWEST),
            any(line.strip() and line[:1] not in MARKERS for line in lines),
        )

    def believe(self, piece: bytes, rest: bytes) -> bool:
        """May a line have been cut between *piece* and *rest*?"""
        word = len(rest.split(None, 1)[0])
        if not self.cuts or len(piece.expandtabs()) + 1 + word <= NARROWEST:
            return False
        return (
            len(piece) + 1 + word > self.received
            or len(piece.expandtabs()) + 1 + word > self.columns
        )


def moves(last: Step | None, text: bytes, lineno: int, widths: Widths) -> Iterator[Move]:
    """*text* as the rest of the line before it: believed where its first word would have made
    that line too long."""
    if last is None or not text.strip() or len(last.repairs) >= PIECES:
        return
    believed = widths.believe(last.received, text)
    has_marker = text[:1] in MARKERS
    cost = (2.0 if has_marker else 1.0) if believed else (14.0 if has_marker else 8.0)
    confidence = Confidence.LIKELY if believed and not has_marker else Confidence.DOUBTFUL
    repairs = (*last.repairs, Repair(KIND, lineno, confidence))
    joined = last.text + b" " + text
    step = Step(last.before, last.kind, joined, repairs, joined=True, received=text)
    yield Move(cost, step)


def goes_on(last: Step, rest: Sequence[bytes], widths: Widths) -> bool:
    """May *last*, read as a hunk's last line, go on in the first line of *rest*?"""
    if not rest or not rest[0].strip() or rest[0][:1] in MARKERS:
        return False
    return widths.believe(last.received, rest[0])
