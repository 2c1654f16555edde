#!/usr/bin/env python3
"""Changes that people really made twice: would patchkit have made the second out of the first?

    python benchmarks/made_twice.py REPO [--limit 200] [--list right|refused|wrong|other]

REPO is a git repository with the kernel's history. Two kinds of pairs are looked for in it:

subject  two commits with one author and one subject, neither an ancestor of the other, that change
         the same files: someone carried a change to a second line of development
release  a commit of 2.5 or 2.6, and a release of 2.4.x that changes one file by the same lines

The patch of the first goes onto the files as they were before the second, and the outcome is held
against what the person made of them. In pairs of the *same* lines in the same order (white space
aside) that is the one right answer; in *rewritten* pairs the person changed or moved other lines as
well, and an outcome that is not theirs is only "other". Where both started from the same files
there is nothing to port: such pairs are left out. The pairs are the same on every run.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import re
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from patchkit.errors import InputError
from patchkit.history.version import History
from patchkit.patch.diff import change_between
from patchkit.patch.model import FileChange, Kind
from patchkit.patch.render import file_bytes
from patchkit.port.ladder.table import ADAPTING
from patchkit.port.outcome import Outcome
from patchkit.port.patch import port
from patchkit.port.text import key
from patchkit.repair.mend import mend
from patchkit.snapshots.git_history import open_history
from patchkit.tree.overlay import File, MemoryTree

FILES = 8  # more in one commit is no change but an import
LINES = 400  # changed lines of a file, for the same reason
ALIKE = 0.5  # of the changed lines, that a rewritten pair has in common
NEAR = 40  # versions of a file that a release is compared with
GENERIC = re.compile(r"merge|import|\W*(\[PATCH\])?\W*\w*\W*(fix|update|cleanup)?s?\W*$", re.I)
RELEASE = re.compile(r"v?2\.4\.\d+")


class Edit(NamedTuple):
    """A file as a commit found it and left it: names of blobs."""

    before: str
    after: str


class Commit(NamedTuple):
    name: str
    author: str
    subject: str
    edits: dict[str, Edit]


class Pair(NamedTuple):
    """The second commit is to be made out of the first; ``paths`` are those to look at."""

    kind: str
    first: Commit
    second: Commit
    paths: tuple[str, ...]


class Repository:
    """What is read of it, through one ``git cat-file``."""

    def __init__(self, path: Path) -> None:
        self.path = path
        command = ["git", "--git-dir", str(path), "cat-file", "--batch"]
        self._blobs = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._changed: dict[Edit, Counter[tuple[Kind, bytes]]] = {}

    def blob(self, name: str) -> bytes:
        stdin, stdout = self._blobs.stdin, self._blobs.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(name.encode() + b"\n")
        stdin.flush()
        size = int(stdout.readline().split()[2])
        return stdout.read(size + 1)[:-1]

    def git(self, *arguments: str) -> str:
        command = ["git", "--git-dir", str(self.path), *arguments]
        done = subprocess.run(command, capture_output=True, check=True)
        return done.stdout.decode(errors="replace")

    def commits(self, *revisions: str) -> Iterator[Commit]:
        """The commits that only modify files, without merges, newest first."""
        form = "%x01%H%x02%an%x02%s"
        log = self.git("log", "--no-merges", "--raw", "--no-renames", "--no-abbrev",
                       f"--format={form}", *revisions)  # fmt: skip
        for text in log.split("\1")[1:]:
            head, *raw = text.split("\n")
            name, author, subject = head.split("\2")
            edits = {}
            for line in raw:
                about, tab, path = line.partition("\t")
                columns = about.split()
                if tab and columns[4] == "M" and columns[1] == "100644":
                    edits[path] = Edit(columns[2], columns[3])
            yield Commit(name, author, subject, edits)

    def changed(self, edit: Edit) -> Counter[tuple[Kind, bytes]]:
        """The changed lines of *edit*, without their white space."""
        if edit not in self._changed:
            before, after = self._lines(edit.before), self._lines(edit.after)
            lines = {(Kind.REMOVED, line): n for line, n in (before - after).items() if line}
            lines |= {(Kind.ADDED, line): n for line, n in (after - before).items() if line}
            self._changed[edit] = Counter(lines)
        return self._changed[edit]

    def _lines(self, blob: str) -> Counter[bytes]:
        return Counter(key(line) for line in self.blob(blob).split(b"\n"))


def by_subject(repository: Repository, commits: Iterable[Commit]) -> Iterator[Pair]:
    """Pairs of one author and one subject, on two lines of development."""
    groups: dict[tuple[str, str], list[Commit]] = defaultdict(list)
    for commit in commits:
        if 0 < len(commit.edits) <= FILES and not GENERIC.fullmatch(commit.subject):
            groups[commit.author, commit.subject].append(commit)
    for group in groups.values():
        for second, first in itertools.pairwise(group):
            pair = Pair("subject", first, second, tuple(first.edits))
            if first.edits.keys() == second.edits.keys() and _is_port(repository, pair):
                yield pair


def by_release(
    repository: Repository, releases: Iterable[Commit], commits: Iterable[Commit]
) -> Iterator[Pair]:
    """Pairs of a commit's file and a release's that change the same lines."""
    by_path: dict[str, list[Commit]] = defaultdict(list)
    for commit in commits:
        for path in commit.edits if len(commit.edits) <= FILES else ():
            by_path[path].append(commit)
    wanted = [(second, path) for second in releases for path in second.edits if path in by_path]
    for second, path in sorted(wanted, key=lambda one: _dice(one[0].name + one[1])):
        lines = repository.changed(second.edits[path])
        if not 2 < lines.total() < LINES:
            continue
        for first in by_path[path][:NEAR]:
            pair = Pair("release", first, second, (path,))
            if repository.changed(first.edits[path]) == lines and _is_port(repository, pair):
                yield pair
                break


def _is_port(repository: Repository, pair: Pair) -> bool:
    """Is the second made of other files, and of lines like the first's?"""
    edits = [(pair.first.edits[path], pair.second.edits[path]) for path in pair.paths]
    if all(first.before == second.before for first, second in edits):
        return False
    ones, others = Counter[tuple[Kind, bytes]](), Counter[tuple[Kind, bytes]]()
    for first, second in edits:
        ones += repository.changed(first)
        others += repository.changed(second)
    common = (ones & others).total()
    return 2 < ones.total() < LINES and common >= ALIKE * max(ones.total(), others.total())


def _dice(text: str) -> bytes:
    """An order that is nobody's choice."""
    return hashlib.sha256(text.encode()).digest()


def are_apart(repository: Repository, pair: Pair) -> bool:
    """Is neither commit an ancestor of the other?"""
    for one, other in ((pair.first, pair.second), (pair.second, pair.first)):
        opened = open_history(repository.path, other.name)
        place = opened.index.place(one.name)
        known = place is not None and place < len(opened.ancestors) and opened.ancestors[place]
        opened.close()
        if known:
            return False
    return True


def is_same(repository: Repository, pair: Pair) -> bool:
    """Do both change the same lines of every file, in the same order?"""
    return all(
        _in_order(repository, pair.first.edits[path], path)
        == _in_order(repository, pair.second.edits[path], path)
        for path in pair.paths
    )


def _in_order(repository: Repository, edit: Edit, path: str) -> list[tuple[Kind, bytes]]:
    """The changed lines of *edit* as a diff has them, but for blank ones."""
    change = change_of(repository, edit, path)
    lines = ((line.kind, key(line.text)) for hunk in change.hunks for line in hunk.lines)
    return [(kind, text) for kind, text in lines if kind is not Kind.CONTEXT and text]


def change_of(repository: Repository, edit: Edit, path: str) -> FileChange:
    old, new = repository.blob(edit.before), repository.blob(edit.after)
    return change_between(PurePosixPath(path), old, new)


def outcome(repository: Repository, pair: Pair, history: History | None) -> str:
    """right, spaced (but for white space), refused or wrong."""
    files, truth, changes = {}, {}, list[FileChange]()
    for path in pair.paths:
        first, second = pair.first.edits[path], pair.second.edits[path]
        name = PurePosixPath(path)
        files[name] = File(repository.blob(second.before))
        truth[name] = repository.blob(second.after)
        changes.append(change_of(repository, first, path))
    try:
        mended = mend(b"".join(map(file_bytes, changes)))
        ported = port(mended, MemoryTree(files), ladder=ADAPTING, history=history)
    except InputError:
        return "refused"
    if ported.report.outcome is Outcome.CONFLICT:
        return "refused"
    made = {name: ported.changes.get(name, files[name]) for name in files}
    texts = {name: file.data if file is not None else b"" for name, file in made.items()}
    if texts == truth:
        return "right"
    blind = all(b"".join(texts[n].split()) == b"".join(truth[n].split()) for n in truth)
    return "right but for white space" if blind else "wrong"


def pairs(repository: Repository, limit: int) -> list[Pair]:
    """Up to *limit* pairs, at most half of them by subject; the same ones on every run."""
    newest = repository.git("for-each-ref", "--sort=-committerdate", "--format=%(refname)",
                            "refs/tags/v2.6*").split()[:1]  # fmt: skip
    commits = list(repository.commits("--all"))
    found = sorted(by_subject(repository, commits), key=lambda one: _dice(one.second.name))
    chosen = [pair for pair in found if are_apart(repository, pair)][: limit // 2]
    tags = repository.git("tag", "--list", "*2.4.*").split()
    releases = [tag for tag in tags if RELEASE.fullmatch(tag)]
    if newest and releases:
        line = repository.commits(*releases, "--not", *newest)
        others = repository.commits(*newest, "--not", *releases)
        for pair in by_release(repository, line, others):
            chosen.append(pair)
            if len(chosen) >= limit:
                break
    return chosen


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("repository", type=Path, metavar="REPO")
    arguments.add_argument("--limit", type=int, default=200)
    arguments.add_argument("--list", metavar="OUTCOME", help="name the pairs that ended so")
    asked = arguments.parse_args()
    repository = Repository(asked.repository)
    table: dict[tuple[str, str, str], Counter[str]] = defaultdict(Counter)
    seconds = []
    for pair in pairs(repository, asked.limit):
        group = "same" if is_same(repository, pair) else "rewritten"
        for with_history in (False, True):
            begun = time.process_time()
            past = open_history(repository.path, f"{pair.second.name}^") if with_history else None
            result = outcome(repository, pair, past)
            seconds.append(time.process_time() - begun)
            if past is not None:
                past.close()
            if group == "rewritten" and result == "wrong":
                result = "other"
            table[pair.kind, group, "history" if with_history else "alone"][result] += 1
            if result.startswith(asked.list or "\0"):
                print(
                    f"{result}: {pair.first.name} -> {pair.second.name} {' '.join(pair.paths)}"
                    f"{' with history' if with_history else ''}: {pair.second.subject}"
                )
    for (kind, group, way), results in sorted(table.items()):
        told = ", ".join(f"{count} {result}" for result, count in sorted(results.items()))
        print(f"{kind:8} {group:10} {way:8} {results.total():4}: {told}")
    print(f"slowest {max(seconds, default=0) * 1000:.0f} ms of CPU")


if __name__ == "__main__":
    main()
