#!/usr/bin/env python3
"""Archived patch mails against what the kernel's history made of them.

    python benchmarks/genuine_mails.py FOLDER [--history REPO]

FOLDER has one mail a file (genuine_mails.txt lists those that were scored; archives have their
text). For each file of a patch the history is searched for the commit that took the change: the
commits of that file in which every added line became more frequent and every removed line less,
white space aside. The mail is applied to the file before that commit, and the outcome compared
with the file after it:

    exact    the commit's own bytes
    beside   every hunk's image stands in the commit's file byte for byte, among other changes
    refused  a conflict: nothing would have been written
    wrong    applied, and the history has other bytes
    absent   no commit took the change as it was mailed: says nothing

A mail counts as its worst file, absent files aside.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path, PurePosixPath
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from patchkit.errors import PatchkitError
from patchkit.flows.extract_mail import Extracted, extract_mail
from patchkit.mail.date import parse_date
from patchkit.mail.read import messages
from patchkit.patch.model import Hunk, Kind
from patchkit.port.patch import port
from patchkit.repair.mend import MendedFile
from patchkit.tree.overlay import File, MemoryTree

WORST = ("absent", "exact", "beside", "refused", "wrong")
RAW = re.compile(r":\d+ \d+ ([0-9a-f]{40}) ([0-9a-f]{40}) \w+\t(.*)")
NOTHING = "0" * 40


class Change(NamedTuple):
    """A file before and after a commit."""

    before: bytes
    after: bytes


class History:
    """A git repository with the kernel's commits."""

    def __init__(self, repository: str) -> None:
        self.repository = repository

    def git(self, *arguments: str) -> bytes:
        command = ["git", "-C", self.repository, *arguments]
        return subprocess.run(command, capture_output=True, check=True).stdout

    def blob(self, name: str) -> bytes:
        return b"" if name == NOTHING else self.git("cat-file", "blob", name)

    def changes(self, path: PurePosixPath, date: str) -> Iterator[Change]:
        """Every change that a commit made to *path* from a month before *date* to a year after;
        to any file of that name, if it is bare."""
        spec = str(path) if len(path.parts) > 1 else f":(glob)**/{path}"
        mailed = parse_date(date)
        dates = ()
        if mailed is not None:
            dates = (
                f"--since={(mailed - timedelta(days=31)).isoformat()}",
                f"--until={(mailed + timedelta(days=366)).isoformat()}",
            )
        raw = self.git("log", "--all", "--no-abbrev", "--raw", "--format=", *dates, "--", spec)
        pairs = dict.fromkeys(m.groups()[:2] for m in RAW.finditer(raw.decode("latin-1")))
        for before, after in pairs:
            yield Change(self.blob(before), self.blob(after))


def bare(line: bytes) -> bytes:
    return b"".join(line.split())


def took(change: Change, hunks: tuple[Hunk, ...]) -> bool:
    """Did *change* take the lines of *hunks*, white space aside?"""
    grown = Counter(map(bare, change.after.split(b"\n")))
    grown.subtract(map(bare, change.before.split(b"\n")))
    wanted: Counter[bytes] = Counter()
    for hunk in hunks:
        for line in hunk.lines:
            if line.kind is not Kind.CONTEXT and bare(line.text):
                wanted[bare(line.text)] += 1 if line.kind is Kind.ADDED else -1
    return all(grown[text] * (count // abs(count)) > 0 for text, count in wanted.items() if count)


def score(one: Extracted, file: MendedFile, path: PurePosixPath, change: Change) -> str:
    """What becomes of *file* of the patch on the file before *change*."""
    alone = replace(one.mended, files=(replace(file, paths=(path,)),))
    ported = port(alone, MemoryTree({path: File(change.before)}))
    if ported.report.files[0].outcome.value == "already":
        return "refused"
    made = ported.changes.get(path)
    if made is None or ported.report.files[0].outcome.value != "applied":
        return "refused"
    if made.data == change.after:
        return "exact"
    lines = made.data.split(b"\n")
    images = [
        b"\n".join(lines[hunk.new_start - 1 : hunk.new_start - 1 + len(hunk.new)])
        for hunk in file.change.hunks
    ]
    added = [line.text for hunk in file.change.hunks for line in hunk.lines]
    assert added
    return "beside" if all(image in change.after for image in images) else "wrong"


def file_outcome(one: Extracted, file: MendedFile, history: History) -> str:
    """The best outcome among the commits that took the change: others only look like it."""
    found = ["absent"]
    for path in file.paths:
        taken = [
            c for c in history.changes(path, one.message.head.date) if took(c, file.change.hunks)
        ]
        found += [score(one, file, path, change) for change in taken]
        if taken:
            break
    return min(found[1:] or found, key=WORST.index)


def mail_outcome(path: Path, history: History) -> tuple[str, str]:
    """(outcome, what it is about) of one mail."""
    try:
        found = list(extract_mail(messages(path.read_bytes(), path.name)))
    except PatchkitError as error:
        return "refused", str(error)
    outcomes = ["absent"]
    for one in found:
        if not isinstance(one, Extracted):
            return "refused", one.reason
        outcomes += [file_outcome(one, file, history) for file in one.mended.files]
    if not found:
        return "refused", f"{path.name}: no diff found"
    subject = found[0].patch.head.subject if isinstance(found[0], Extracted) else ""
    return max(outcomes, key=WORST.index), subject


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("folder", type=Path)
    options.add_argument("--history", default=os.environ.get("PATCHKIT_LINUX_HISTORY"))
    chosen = options.parse_args()
    if not chosen.history:
        options.error("--history or PATCHKIT_LINUX_HISTORY must name a git repository")
    history = History(chosen.history)
    total: Counter[str] = Counter()
    for path in sorted(chosen.folder.iterdir()):
        outcome, subject = mail_outcome(path, history)
        total[outcome] += 1
        print(f"{outcome:8} {path.stem:60} {subject}", flush=True)
    print(", ".join(f"{count} {outcome}" for outcome, count in total.most_common()))


if __name__ == "__main__":
    main()
