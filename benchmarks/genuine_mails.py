#!/usr/bin/env python3
"""Archived patch mails against what the kernel's history made of them.

    python benchmarks/genuine_mails.py FOLDER [--history REPO]

FOLDER has one mail a file (genuine_mails.txt lists those that were scored; archives have their
text). For each file of a patch the history is searched for the commit that took the change: the
commits of that file that had every hunk's old lines before and its new ones after, with the two
lines next to them, white space aside. The mail is applied to the file before that commit, and the
outcome compared with the file after it:

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
from pathlib import Path, PurePosixPath
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from patchkit.errors import PatchkitError
from patchkit.flows.intake.extract_mail import Extracted, extract_mail
from patchkit.mail.read import messages
from patchkit.patch.model import Hunk, Kind
from patchkit.port.patch import port
from patchkit.repair.mend import MendedFile
from patchkit.tree.overlay import File, MemoryTree

# Of a mail's files the worst counts, of the commits that may have taken a file's part the best;
# but a wrong result is not outweighed by a refusal elsewhere.
WORST = ("absent", "exact", "beside", "refused", "wrong")
BEST = ("exact", "beside", "wrong", "refused", "absent")
RAW = re.compile(r":\d+ \d+ ([0-9a-f]{40}) ([0-9a-f]{40}) \w+\t(.*)")
NOTHING = "0" * 40


class Change(NamedTuple):
    """A file before and after a commit."""

    before: bytes
    after: bytes


class History:
    """A git repository with the kernel's commits."""

    def __init__(self, repository: str) -> None:
        self.git = ("git", "-C", repository)
        self.reader = subprocess.Popen(
            (*self.git, "cat-file", "--batch"), stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def blob(self, name: str) -> bytes:
        if name == NOTHING:
            return b""
        assert self.reader.stdin
        assert self.reader.stdout
        self.reader.stdin.write(name.encode() + b"\n")
        self.reader.stdin.flush()
        size = int(self.reader.stdout.readline().split()[2])
        return self.reader.stdout.read(size + 1)[:-1]

    def changes(self, path: PurePosixPath) -> Iterator[Change]:
        """Every change that a commit made to *path*."""
        command = (*self.git, "log", "--all", "--no-abbrev", "--raw", "--format=", "--", str(path))
        raw = subprocess.run(command, capture_output=True, check=True).stdout
        pairs = dict.fromkeys(m.groups()[:2] for m in RAW.finditer(raw.decode("latin-1")))
        for before, after in pairs:
            yield Change(self.blob(before), self.blob(after))


def named_in_full(one: Extracted, name: PurePosixPath) -> Iterator[PurePosixPath]:
    """Where the mail's text says that *name*, a file without its folder, is."""
    if len(name.parts) == 1:
        text = f"{one.patch.head.subject} {one.message.body.decode('latin-1')}"
        for match in re.finditer(rf"((?:[\w.-]+/)+){re.escape(name.name)}", text):
            yield PurePosixPath(match[0])


def bare(line: bytes) -> bytes:
    return b"".join(line.split())


def core(hunk: Hunk, kind: Kind) -> bytes:
    """The image of *hunk* without the lines of *kind*, white space aside, and of its outer context
    but the nearest lines."""
    changed = [at for at, line in enumerate(hunk.lines) if line.kind is not Kind.CONTEXT]
    near = hunk.lines[max(changed[0] - 2, 0) : changed[-1] + 3]
    return b"\n".join(bare(line.text) for line in near if line.kind is not kind)


def took(change: Change, hunks: tuple[Hunk, ...]) -> bool:
    """Did *change* do what *hunks* do, white space aside?"""
    before, after = (
        b"\n" + b"\n".join(bare(line) for line in text.split(b"\n")) + b"\n" for text in change
    )
    return all(
        b"\n" + core(hunk, Kind.ADDED) + b"\n" in before
        and b"\n" + core(hunk, Kind.REMOVED) + b"\n" in after
        for hunk in hunks
    )


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
    return "beside" if all(image in change.after for image in images) else "wrong"


def file_outcome(one: Extracted, file: MendedFile, history: History) -> str:
    """The best outcome among the commits that took the change: others only look like it."""
    found = ["absent"]
    for path in (*named_in_full(one, file.paths[0]), *file.paths):
        taken = [c for c in history.changes(path) if took(c, file.change.hunks)]
        found += [score(one, file, path, change) for change in taken]
        if taken:
            break
    return min(found, key=BEST.index)


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
