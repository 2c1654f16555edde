"""Finds the cases of tree_cases.json in a kernel history: patches for trees older than they are.

    PATCHKIT_LINUX_HISTORY=... python benchmarks/find_tree_cases.py > benchmarks/tree_cases.json

Only names of commits, tags and files are kept. Each patch is what one commit did to one file; its
target is the whole tree of a release before it:

moved    the file was renamed in between: the tree has it under its old name
gone     the file was created in between: the tree has no such file, perhaps one of that name
twins    the old image of a hunk stands in the target's file more than once
symbols  the added lines call what no file of the tree knows
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from bisect import bisect_left
from collections.abc import Iterator
from functools import cache, cached_property
from pathlib import Path
from typing import NamedTuple

from patchkit.patch.model import Kind
from patchkit.port.judge.balance import NOT_CODE
from patchkit.port.needs import DEFINITIONS
from patchkit.port.text import Text, key
from patchkit.repair.mend import mend
from patchkit.snapshots.git_tree import git_tree

RANGE = ("v2.5.50", "v2.6.10")
WANTED = {"moved": 20, "gone": 10, "twins": 10, "symbols": 10}
RELEASE = re.compile(r"v2\.[56]\.\d+")
WORD = re.compile(rb"\w+")
CALL = re.compile(rb"\b([a-z]\w{5,})\s*\(")


class Case(NamedTuple):
    """A patch, what *commit* did to *path*, and its target, *tag*; there the file is *there*."""

    kind: str
    commit: str
    path: str
    tag: str
    there: str | None


class Repository:
    """The history, through git."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def git(self, *arguments: str, check: bool = True) -> bytes:
        command = ["git", f"--git-dir={self.folder}", *arguments]
        return subprocess.run(command, capture_output=True, check=check).stdout

    def text(self, commit: str, path: str) -> bytes | None:
        found = subprocess.run(
            ["git", f"--git-dir={self.folder}", "cat-file", "blob", f"{commit}:{path}"],
            capture_output=True,
            check=False,
        )
        return found.stdout if found.returncode == 0 else None

    def diff(self, commit: str, path: str) -> bytes:
        return self.git("diff", f"{commit}^", commit, "--", path)

    @cached_property
    def _releases(self) -> list[tuple[int, str]]:
        listed = self.git("for-each-ref", "--format=%(creatordate:unix) %(refname:short)",
                          "refs/tags/v2.[56].*")  # fmt: skip
        pairs = [line.split() for line in listed.decode().splitlines()]
        return sorted((int(pair[0]), pair[1]) for pair in pairs if RELEASE.fullmatch(pair[-1]))

    def release_before(self, commit: str) -> str:
        """The last release that is older; asking git for an ancestor takes seconds each."""
        when = int(self.git("log", "-1", "--format=%ct", commit))
        return self._releases[max(0, bisect_left(self._releases, (when, "")) - 1)][1]

    def changes_after(self, commit: str, path: str) -> list[str]:
        """The commits that changed *path* after *commit*, oldest first."""
        arguments = ("--reverse", "--no-merges", "--format=%H", "--diff-filter=M")
        listed = self.git("log", *arguments, f"{commit}..{RANGE[1]}", "--", path)
        return listed.decode().split()


def merged(repository: Repository, case: Case, folder: Path) -> bytes | None:
    """The change merged into the target's file from its own base; None for a conflict."""
    texts = (
        repository.text(case.tag, case.there or case.path),
        repository.text(f"{case.commit}^", case.path),
        repository.text(case.commit, case.path),
    )
    names = []
    for name, text in zip(("target", "base", "change"), texts, strict=True):
        if text is None:
            return None
        (folder / name).write_bytes(text)
        names.append(str(folder / name))
    done = subprocess.run(["git", "merge-file", "-p", *names], capture_output=True, check=False)
    return done.stdout if done.returncode == 0 else None


def moved(repository: Repository) -> Iterator[Case]:
    for commit, status, old, new in _renames(repository):
        tag = repository.release_before(commit)
        if status == "R" and tag and repository.text(tag, old) and not repository.text(tag, new):
            for change in repository.changes_after(commit, new)[:1]:
                yield Case("moved", change, new, tag, old)


def gone(repository: Repository) -> Iterator[Case]:
    for commit, status, _, new in _renames(repository):
        tag = repository.release_before(commit)
        if status == "A" and tag and not repository.text(tag, new):
            for change in repository.changes_after(commit, new)[:1]:
                yield Case("gone", change, new, tag, None)


def _renames(repository: Repository) -> Iterator[tuple[str, str, str, str]]:
    """Commits that rename or create a C file: the commit, ``R`` or ``A``, old and new name."""
    listed = repository.git(
        "log", "--no-merges", "-M85%", "-l300", "--diff-filter=RA", "--name-status",
        "--format=C %H", "..".join(RANGE), "--", "*.c",
    )  # fmt: skip
    commit = ""
    for line in listed.decode(errors="replace").splitlines():
        parts = line.split("\t")
        if line.startswith("C "):
            commit = line[2:]
        elif len(parts) > 1:
            yield commit, parts[0][0], parts[1], parts[-1]


def twins(repository: Repository) -> Iterator[Case]:
    for case, olds, _ in _changes(repository, "twins", "v2.6.8", "v2.6.5"):
        text = Text(repository.text(case.tag, case.path) or b"")
        if any(len(text.loose.places(old, 5)) > 1 for old in olds):
            yield case


def symbols(repository: Repository) -> Iterator[Case]:
    for case, _, added in _changes(repository, "symbols", "v2.6.8", "v2.6.7"):
        base = repository.text(f"{case.commit}^", case.path) or b""
        defined = {name for line in added for of in DEFINITIONS for name in of.findall(line)}
        code = [NOT_CODE.sub(b"", line) for line in added]
        called = {name for line in code for name in CALL.findall(line)}
        for name in sorted(called - defined)[:4]:
            if name in base and name not in _words(repository.folder, case.tag):
                yield case
                break


@cache
def _words(folder: Path, tag: str) -> frozenset[bytes]:
    """Every word of the C files of *tag*; takes some 30 s."""
    tree = git_tree(folder, tag)
    found: set[bytes] = set()
    for path in tree.paths():
        if path.suffix in (".c", ".h", ".S"):
            found.update(WORD.findall(tree.read(path) or b""))
    return frozenset(found)


def _changes(
    repository: Repository, kind: str, since: str, tag: str
) -> Iterator[tuple[Case, list[tuple[bytes, ...]], list[bytes]]]:
    """Changes of one C file by commits after *since*, for the tree of *tag*: the old images of
    the hunks, and the added lines."""
    listed = repository.git(
        "log", "--no-merges", "--diff-filter=M", "--name-only", "--format=C %H",
        f"{since}..{RANGE[1]}", "--", "*.c",
    )  # fmt: skip
    commit = ""
    for line in listed.decode(errors="replace").splitlines():
        if line.startswith("C "):
            commit = line[2:]
        elif line:
            target = repository.text(tag, line)
            if target is None or target == repository.text(f"{commit}^", line):
                continue
            files = mend(repository.diff(commit, line)).files
            hunks = [hunk for file in files for hunk in file.change.hunks]
            olds = [tuple(key(each.text) for each in hunk.old) for hunk in hunks]
            kinds = [each for hunk in hunks for each in hunk.lines if each.kind is Kind.ADDED]
            yield Case(kind, commit, line, tag, line), olds, [each.text for each in kinds]


def main() -> None:
    named = os.environ.get("PATCHKIT_LINUX_HISTORY")
    if not named:
        sys.exit("PATCHKIT_LINUX_HISTORY names no git repository with the kernel's history")
    repository = Repository(Path(named))
    found: list[Case] = []
    with tempfile.TemporaryDirectory() as folder:
        for finder in (moved, gone, twins, symbols):
            seen: set[str] = set()
            kind = finder.__name__
            for case in finder(repository):
                # One case for each folder and commit; and there must be a truth to compare with.
                marks = {str(Path(case.path).parent), case.commit}
                if marks & seen or (case.there and merged(repository, case, Path(folder)) is None):
                    continue
                seen |= marks
                found.append(case)
                print(kind, len(seen) // 2, case.path, file=sys.stderr)
                if sum(each.kind == kind for each in found) == WANTED[kind]:
                    break
    print(json.dumps([case._asdict() for case in found], indent=1))


if __name__ == "__main__":
    main()
