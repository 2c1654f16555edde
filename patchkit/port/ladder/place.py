"""What every rung of the ladder is asked, and what it answers."""

from __future__ import annotations

from typing import NamedTuple

from patchkit.patch.model import Hunk, Kind
from patchkit.port.outcome import How
from patchkit.port.text import Text

# Lines that stand everywhere in C: alone they prove no place.
TRIVIAL = frozenset(
    (b"", b"{", b"}", b"};", b"*/", b"/*", b"*", b"else", b"else {", b"} else {", b"break;",
     b"return;", b"return 0;", b"#endif", b"#else", b"continue;", b"default:", b"do {", b"});",
     b")", b");", b"/**", b"out:", b"return ret;", b"return err;", b"return -EINVAL;", b"#if 0",)
)  # fmt: skip


class Sought(NamedTuple):
    """A hunk, and where it should be in *text*: indexes count from 0.

    ``stated`` is the hunk's own word, ``stated_new`` that for its new image; ``expected`` is
    where either is after what became of the hunks before. Nothing may land before ``floor``,
    the end of the last of these.
    """

    hunk: Hunk
    text: Text
    stated: int
    stated_new: int
    expected: int
    floor: int
    # The mail was cut off below the last line: the end of the hunk is not the end of the file.
    cut_off: bool = False

    @property
    def wanted(self) -> tuple[int, int]:
        """Where the old image should be, best first."""
        return self.expected, self.stated

    @property
    def wanted_new(self) -> tuple[int, int]:
        """Where the new image should be if the change was made."""
        return self.expected, self.stated_new

    @property
    def old(self) -> tuple[bytes, ...]:
        """The old image's lines, but for what a last line's newline says."""
        return tuple(line.text for line in self.hunk.old)

    @property
    def new(self) -> tuple[bytes, ...]:
        """The new image's lines, likewise."""
        return tuple(line.text for line in self.hunk.new)

    @property
    def leading(self) -> int:
        """How many lines of context are above the first change."""
        kinds = [line.kind is Kind.CONTEXT for line in self.hunk.lines]
        return kinds.index(False) if False in kinds else len(kinds)

    @property
    def trailing(self) -> int:
        """How many lines of context are below the last change."""
        kinds = [line.kind is Kind.CONTEXT for line in reversed(self.hunk.lines)]
        return kinds.index(False) if False in kinds else len(kinds)

    @property
    def removes(self) -> bool:
        return any(line.kind is Kind.REMOVED for line in self.hunk.lines)

    @property
    def adds(self) -> bool:
        return any(line.kind is Kind.ADDED for line in self.hunk.lines)


class Landing(NamedTuple):
    """The hunk's old image stands at index ``at``: the change can be made there. Where that
    took an adapted form of the hunk, ``hunk`` is that form."""

    at: int
    how: How
    hunk: Hunk | None = None


class Present(NamedTuple):
    """The hunk's new image stands at index ``at``: the change was made before."""

    at: int
    how: How


class Miss(NamedTuple):
    """No place, and why ("" where it simply stands nowhere); ``places`` are those between which
    nothing could decide."""

    reason: str = ""
    places: tuple[int, ...] = ()


Answer = Landing | Present | Miss


def weight(keys: tuple[bytes, ...]) -> int:
    """How many of the lines say something about where they stand."""
    return len({line for line in keys if line not in TRIVIAL})
