"""What became of a patch, with the evidence: expected outcomes, so values."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from pathlib import PurePosixPath
from typing import NamedTuple

from patchkit.errors import Exit
from patchkit.history.changed_lines import LineChange
from patchkit.history.reads import Past
from patchkit.patch.model import Head, Hunk
from patchkit.port.interdiff import Interdiff
from patchkit.repair.damage import Repair
from patchkit.tree.overlay import Changes


class Outcome(Enum):
    """Of a hunk, a file, or all."""

    APPLIED = "applied"
    ALREADY = "already"
    CONFLICT = "conflict"
    MISSING = "missing"  # the tree has no such file; of files only


class How(Enum):
    """The rung of the ladder on which a hunk landed, surest first."""

    EXACT = "exact"
    OFFSET = "offset"
    WHITESPACE = "whitespace"  # but for white space; the target's own is kept, or restored
    DRIFT = "drift"  # lines of its context were rewritten, put in or taken out since
    MERGE = "merge"  # three ways, from the base found in the history
    TOKEN = "token"  # lines of its context were reformatted since
    REMEMBERED = "remembered"  # a person resolved the same conflict in the same lines before


@dataclass(frozen=True, slots=True)
class HunkReport:
    """A hunk's outcome. Lines count from 1; ``line`` is the first line of the hunk's image,
    context included, in the target: of its old side, of its new side where already there."""

    number: int
    outcome: Outcome
    stated_line: int
    how: How | None = None
    line: int | None = None
    reason: str = ""
    # For a conflict: "context is X, the target has Y", line by line.
    details: tuple[str, ...] = ()
    # What a person should look at, though the hunk landed.
    doubts: tuple[str, ...] = ()
    # Where its @@ line stands in the text that was received.
    sent_line: int | None = None
    # For a conflict, where there is a history: who changed the lines that it misses.
    causes: tuple[LineChange, ...] = ()
    # Of a hunk that was adapted: what of it, and for a conflict the form that was not believed.
    interdiff: Interdiff | None = None
    proposal: Hunk | None = None

    @property
    def offset(self) -> int | None:
        """Lines between the stated and the found place; None where there is none."""
        return None if self.line is None else self.line - self.stated_line


@dataclass(frozen=True, slots=True)
class FileReport:
    """A file's outcome: that of its hunks, the worst one first."""

    path: PurePosixPath
    outcome: Outcome
    hunks: tuple[HunkReport, ...] = ()
    reason: str = ""
    rejects: bytes = b""  # the refused hunks as a diff, for a .rej file
    base: str = ""  # the version that the patch was made against, where it was looked for
    # For a file that the tree has under another name: which, and what says so.
    moved: str = ""


@dataclass(frozen=True, slots=True)
class PatchReport:
    """A patch's outcome, and what was mended in its mail."""

    head: Head
    source: str
    files: tuple[FileReport, ...]
    repairs: tuple[Repair, ...] = ()

    @property
    def outcome(self) -> Outcome:
        return worst(tuple(file.outcome for file in self.files))


@dataclass(frozen=True, slots=True)
class Need:
    """A symbol that an applied hunk uses and only a refused one defines."""

    symbol: str
    used_in: PurePosixPath
    defined_in: PurePosixPath


class Compiled(NamedTuple):
    """An object of a file that the patches touch. ``before`` and ``after`` are its first error,
    empty where it compiles, None without such a file; ``blame`` says which hunk is at it."""

    name: str
    before: str | None
    after: str | None
    blame: tuple[str, ...] = ()

    @property
    def is_broken(self) -> bool:
        """Did it compile before, or is it new, and does not now?"""
        return bool(self.after) and not self.before


@dataclass(frozen=True, slots=True)
class SeriesReport:
    """All patches of a run on one tree, and the changes that they make to it."""

    target: str
    patches: tuple[PatchReport, ...]
    changes: Changes
    needs: tuple[Need, ...] = ()
    # Each patch's own changes, for one commit a patch.
    steps: tuple[Changes, ...] = field(default=())
    # Titles of patches that were put behind those that they need.
    reordered: tuple[str, ...] = ()
    # What was read of the tree's history.
    past: Past = field(default=Past())
    # The touched objects, where it was asked whether they compile.
    compiled: tuple[Compiled, ...] = ()

    @property
    def verdict(self) -> Outcome:
        return worst(tuple(patch.outcome for patch in self.patches))

    @property
    def breaks(self) -> bool:
        """Does an object not compile any more?"""
        return any(one.is_broken for one in self.compiled)

    @property
    def landed(self) -> bool:
        """Did everything land, or was there?"""
        return self.verdict is not Outcome.CONFLICT

    def exit(self, *, strict: bool) -> Exit:
        """FINDINGS for a conflict or a broken object; ADAPTED under *strict* where anything was
        other than exact."""
        if self.breaks or not self.landed:
            return Exit.FINDINGS
        hunks = [h for p in self.patches for f in p.files for h in f.hunks]
        plain = all(hunk.how is How.EXACT and not hunk.doubts for hunk in hunks)
        plain = plain and self.verdict is Outcome.APPLIED
        plain = plain and not any(file.moved for patch in self.patches for file in patch.files)
        return Exit.ADAPTED if strict and not plain else Exit.CLEAN


def worst(outcomes: tuple[Outcome, ...]) -> Outcome:
    """One outcome for many: conflict before applied before already."""
    if Outcome.CONFLICT in outcomes or Outcome.MISSING in outcomes:
        return Outcome.CONFLICT
    return Outcome.APPLIED if Outcome.APPLIED in outcomes else Outcome.ALREADY
