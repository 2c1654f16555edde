"""A stack of mails out of the history onto its tree: CPU, and whether the tree is the real one.

    python benchmarks/stack_of_mails.py REPO [--mails 1000] [--commit] [--from TAG] [--to TAG]

The mails are a line of commits, each the parent of the next: the longest path from one tag to the
other, cut after that many. A merge stands as what it brought to the line. So every tree on the
way is known: the result must be the last commit's, byte by byte, modes included.
"""

from __future__ import annotations

import argparse
import itertools
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def git(repo: Path, *command: str) -> bytes:
    return subprocess.run(("git", "-C", repo, *command), check=True, capture_output=True).stdout


def longest_path(repo: Path, start: str, end: str) -> list[str]:
    """The commits of the longest line from *start*, which comes first, to *end*."""
    rows = git(repo, "rev-list", "--topo-order", "--reverse", "--parents", f"{start}..{end}")
    base = git(repo, "rev-parse", f"{start}^{{commit}}").decode().strip()
    longest: dict[str, tuple[int, str]] = {base: (0, "")}
    last = base
    for row in rows.decode().splitlines():
        commit, *parents = row.split()
        found = [(longest[one][0] + 1, one) for one in parents if one in longest]
        if found:
            longest[commit] = max(found)
            last = commit
    path = [last]
    while path[-1] != base:
        path.append(longest[path[-1]][1])
    return path[::-1]


def mail(repo: Path, parent: str, commit: str) -> bytes:
    """What ``git format-patch`` would make of *commit* if *parent* was its only one."""
    form = "From: %an <%ae>%nDate: %aD%nSubject: [PATCH] %s%n%n%b"
    head = git(repo, "log", "-1", f"--format=From %H Mon Sep 17 00:00:00 2001%n{form}", commit)
    lines = head.rstrip(b"\n").split(b"\n")
    text = lines[:5] + [b">" + one if one.startswith(b"From ") else one for one in lines[5:]]
    diff = git(repo, "diff-tree", "-p", "-M", "--full-index", "--binary", parent, commit)
    return b"\n".join(text) + b"\n---\n\n" + diff + b"-- \n2.39\n\n"


def unpack(repo: Path, commit: str, folder: Path) -> None:
    archive = subprocess.Popen(("git", "-C", repo, "archive", commit), stdout=subprocess.PIPE)
    subprocess.run(("tar", "-x", "-C", folder), stdin=archive.stdout, check=True)
    archive.wait()


def as_git_tree(folder: Path) -> None:
    git(folder, "init", "-q")
    git(folder, "add", "-A", "-f")
    who = ("-c", "user.name=Bench", "-c", "user.email=bench@example.org")
    git(folder, *who, "commit", "-q", "-m", "start")


def tree_id(folder: Path) -> str:
    """The git tree that the files in *folder* are."""
    git(folder, "add", "-A", "-f")
    return git(folder, "write-tree").decode().strip()


def apply(mbox: Path, folder: Path, *options: str) -> int:
    command = [sys.executable, "-m", "patchkit", "apply", str(mbox), "--tree", str(folder)]
    start = time.monotonic()
    log = mbox.with_suffix(".log")
    with log.open("wb") as out:
        run = subprocess.Popen([*command, *options], cwd=ROOT, stdout=out, stderr=out)
        _, status, used = os.wait4(run.pid, 0)
    cpu, wall = used.ru_utime + used.ru_stime, time.monotonic() - start
    print(f"{cpu:.1f} s CPU, {wall:.1f} s wall, {used.ru_maxrss / 1024:.0f} MB at most")
    print(log.read_text(errors="replace").rstrip().rsplit("\n", 1)[-1])
    return os.waitstatus_to_exitcode(status)


def main(arguments: Sequence[str] | None = None) -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("repo", type=Path)
    options.add_argument("--mails", type=int, default=1000)
    options.add_argument("--commit", action="store_true")
    options.add_argument("--from", dest="start", default="v2.6.9")
    options.add_argument("--to", dest="end", default="v2.6.10")
    options.add_argument("--keep", type=Path, help="leave mbox and tree in this folder")
    chosen = options.parse_args(arguments)
    with tempfile.TemporaryDirectory() as scratch:
        folder = chosen.keep or Path(scratch)
        mbox, tree = folder / "stack.mbox", folder / "linux"
        tree.mkdir(parents=True)
        line = longest_path(chosen.repo, chosen.start, chosen.end)[: chosen.mails + 1]
        mails = [mail(chosen.repo, *pair) for pair in itertools.pairwise(line)]
        mbox.write_bytes(b"".join(mails))
        unpack(chosen.repo, line[0], tree)
        as_git_tree(tree)
        print(f"{len(mails)} mails, {mbox.stat().st_size / 1e6:.1f} MB, up to {line[-1][:12]}")
        status = apply(mbox, tree, *(("--commit",) if chosen.commit else ()))
        wanted = git(chosen.repo, "rev-parse", f"{line[-1]}^{{tree}}").decode().strip()
        same = tree_id(tree) == wanted
        print(f"exit {status}; the tree is {'the real one' if same else 'ANOTHER'}")


if __name__ == "__main__":
    main()
