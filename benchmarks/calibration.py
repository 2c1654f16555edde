#!/usr/bin/env python3
"""Precision against coverage, by the rung on which a port landed, over merges that people made.

    python benchmarks/calibration.py REPO [--merges 4000] [--history] [--list right|wrong|refused]

Files that both sides of a merge changed are drawn from REPO, by no one's choice but a hash's. What
one side changed is the patch, the other side the target, and what the person made of the two the
one right answer (white space aside). ``clash`` are files in which ``git merge-file`` has a
conflict, ``clean`` the others; a merge in which the person took one side whole counts too, though
nobody could foresee it. With ``--history`` the base may be looked for among the target's ancestors.

A file stands in the row of the most daring rung that it took. ``precision`` is of what landed,
``coverage`` what that rung and those above it land rightly, of all files.
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path, PurePosixPath
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from made_twice import Repository

from patchkit.patch.diff import change_between
from patchkit.patch.render import file_bytes
from patchkit.port.judge.evidence import C_SUFFIXES
from patchkit.port.ladder.table import ADAPTING
from patchkit.port.merge.words import CODE, split
from patchkit.port.outcome import How, Outcome
from patchkit.port.patch import port
from patchkit.port.text import key
from patchkit.repair.mend import mend
from patchkit.snapshots.git_history import open_history
from patchkit.tree.overlay import File, MemoryTree

FILES = 60  # more that both sides changed in one merge is an import
BYTES = 400_000
RUNGS = ("already", *(how.value for how in How))


class Case(NamedTuple):
    """A file that both sides of a merge changed; blobs' names."""

    path: str
    merge: str
    target: str  # the commit
    base: str
    ours: str
    theirs: str


class Score(NamedTuple):
    kind: str  # "clean" or "clash"
    rung: str  # "" where it was refused
    is_right: bool


def drawn(repository: Merges, merges: int) -> Iterator[Case]:
    """The files to look at, from so many merges of two lines; each change once."""
    listed = repository.git("rev-list", "--merges", "--parents", "--all").splitlines()
    rows = [row for line in listed if len(row := line.split()) == 3]
    seen: set[tuple[str, ...]] = set()
    for merge, one, other in sorted(rows, key=lambda row: _dice(row[0]))[:merges]:
        bases = repository.merge_bases(one, other)
        if len(bases) != 1 or bases[0] in (one, other):
            continue
        ours, theirs = repository.edits(bases[0], one), repository.edits(bases[0], other)
        both = [path for path in ours if path in theirs and ours[path] != theirs[path]]
        for path in both if len(both) <= FILES else ():
            blobs = (ours[path][0], ours[path][1], theirs[path][1])
            if blobs not in seen:
                seen.add(blobs)
                yield Case(path, merge, one, *blobs)


class Merges(Repository):
    """The history's merges, and what their sides changed."""

    def merge_bases(self, one: str, other: str) -> list[str]:
        command = ["git", "--git-dir", str(self.path), "merge-base", "--all", one, other]
        return subprocess.run(command, check=False, capture_output=True, text=True).stdout.split()

    def edits(self, before: str, after: str) -> dict[str, tuple[str, str]]:
        """The plain files that are modified between two commits: their blobs."""
        found = {}
        for line in self.git("diff-tree", "-r", "--no-renames", before, after).splitlines():
            about, _, path = line.partition("\t")
            columns = about.split()
            if columns[4] == "M" and columns[1] == "100644":
                found[path] = columns[2], columns[3]
        return found

    def result(self, case: Case) -> bytes | None:
        """What the person made of the file; None where it is gone."""
        row = self.git("ls-tree", case.merge, "--", case.path).split()
        return self.blob(row[2]) if row[1:2] == ["blob"] else None


def scored(merges: Merges, case: Case, *, history: bool) -> Score | None:
    """What became of *case*; None where it is no case."""
    base, ours, theirs = (merges.blob(name) for name in (case.base, case.ours, case.theirs))
    truth = merges.result(case)
    if truth is None or max(map(len, (base, ours, theirs))) > BYTES:
        return None
    path = PurePosixPath(case.path)
    kind = "clash" if _clashes(ours, base, theirs) else "clean"
    patch = mend(file_bytes(change_between(path, base, theirs)))
    tree = MemoryTree({path: File(ours)})
    if history:
        with closing(open_history(merges.path, case.target)) as past:
            ported = port(patch, tree, ladder=ADAPTING, history=past)
    else:
        ported = port(patch, tree, ladder=ADAPTING)
    files = ported.report.files
    if any(file.outcome in (Outcome.CONFLICT, Outcome.MISSING) for file in files):
        return Score(kind, "", False)
    hows = [h.how.value for f in files for h in f.hunks if h.outcome is Outcome.APPLIED and h.how]
    file = ported.changes.get(path)
    made = ours if file is None else file.data
    is_right = _same(made, truth, path)
    return Score(kind, max(hows, key=RUNGS.index, default="already"), is_right)


def _same(one: bytes, other: bytes, path: PurePosixPath) -> bool:
    """White space apart: within lines, and in C wherever it stands."""
    if path.suffix in C_SUFFIXES and split([one], CODE) == split([other], CODE):
        return True
    return [key(line) for line in one.split(b"\n")] == [key(line) for line in other.split(b"\n")]


def _clashes(ours: bytes, base: bytes, theirs: bytes) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        paths = [str(Path(folder, name)) for name in ("ours", "base", "theirs")]
        for path, data in zip(paths, (ours, base, theirs), strict=True):
            Path(path).write_bytes(data)
        command = ["git", "merge-file", "-p", "-q", *paths]
        done = subprocess.run(command, check=False, capture_output=True)
    return done.returncode != 0


def _dice(text: str) -> bytes:
    """An order that is nobody's choice."""
    return hashlib.sha256(text.encode()).digest()


def table(scores: list[Score]) -> Iterator[str]:
    """The rows for the page, by kind and rung."""
    yield "| files | rung | right | wrong | precision | coverage |"
    yield "|---|---|---|---|---|---|"
    for kind in ("clean", "clash"):
        of_kind = [score for score in scores if score.kind == kind]
        count = Counter((score.rung, score.is_right) for score in of_kind)
        covered = 0
        for rung in RUNGS:
            right, wrong = count[rung, True], count[rung, False]
            if right + wrong:
                covered += right
                precision, coverage = right / (right + wrong), covered / len(of_kind)
                yield (
                    f"| {kind} | `{rung}` | {right} | {wrong} | {precision:.1%} | {coverage:.1%} |"
                )
        yield f"| {kind} | refused | {count['', False]} of {len(of_kind)} | – | – | – |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("repo", type=Path)
    parser.add_argument("--merges", type=int, default=4000)
    parser.add_argument("--history", action="store_true")
    parser.add_argument("--list", choices=("right", "wrong", "refused"))
    options = parser.parse_args()
    merges = Merges(options.repo)
    scores = []
    for case in drawn(merges, options.merges):
        score = scored(merges, case, history=options.history)
        if score is None:
            continue
        scores.append(score)
        said = "refused" if not score.rung else "right" if score.is_right else "wrong"
        if said == options.list:
            print(f"{score.kind} {score.rung or '-'} {case.merge[:12]} {case.path}", flush=True)
    print("\n".join(table(scores)))


if __name__ == "__main__":
    main()
