#!/usr/bin/env python3
"""What becomes of the clean diffs between two releases: right, refused or wrong.

    python benchmarks/clean_diffs.py REPOSITORY 2.4.0-test10 2.4.0-test11 [--sample N]

REPOSITORY is a git repository that has both as tags. Each file that differs is taken by itself:
its diff, as git makes it, goes onto the old file, again onto the new one, and in reverse onto the
new one. Nothing may be wrong; what is refused is listed with the reason.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from patchkit.errors import InputError  # noqa: E402 - runs from a checkout, installed or not
from patchkit.port.outcome import FileReport, Outcome  # noqa: E402
from patchkit.port.patch import port  # noqa: E402
from patchkit.port.taken_back import taken_back  # noqa: E402
from patchkit.repair.mend import Mended, mend  # noqa: E402
from patchkit.snapshots.git_tree import git_tree  # noqa: E402
from patchkit.tree.overlay import File, MemoryTree, Overlay  # noqa: E402

WAYS = ("forward", "again", "reverse")


def diff(repository: Path, before: str, after: str, path: PurePosixPath) -> bytes:
    command = ("git", "-c", "safe.directory=*", "-C", str(repository), "diff", "--no-renames",
               "--text", "--no-color", "--no-ext-diff", before, after, "--", str(path))  # fmt: skip
    return subprocess.run(command, capture_output=True, check=True).stdout


def judged(
    mended: Mended, path: PurePosixPath, onto: bytes, wanted: bytes
) -> tuple[str, FileReport]:
    """right, refused or wrong; and the report."""
    tree = MemoryTree({path: File(onto)})
    ported = port(mended, tree)
    data = Overlay(tree, ported.changes).read(path)
    if ported.report.outcome is Outcome.CONFLICT:
        verdict = "refused" if data == onto else "in part"
    else:
        verdict = "right" if data == wanted else "wrong"
    return verdict, ported.report.files[0]


def why(verdict: str, report: FileReport) -> str:
    reasons = {hunk.reason for hunk in report.hunks if hunk.reason} or {report.reason}
    return f"{verdict}: {'; '.join(sorted(reasons))[:200]}"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("repository", type=Path)
    options.add_argument("before")
    options.add_argument("after")
    options.add_argument("--sample", type=int, default=0, help="so many files; default: all")
    chosen = options.parse_args()
    old, new = (git_tree(chosen.repository, tag) for tag in (chosen.before, chosen.after))
    paths = [
        PurePosixPath(path)
        for path, entry in old.entries.items()
        if path in new.entries and new.entries[path].blob != entry.blob
    ]
    if chosen.sample:
        paths = random.Random(chosen.after).sample(paths, min(chosen.sample, len(paths)))
    counts: Counter[tuple[str, str]] = Counter()
    start = time.process_time()
    for path in paths:
        before, after = old.read(path), new.read(path)
        assert before is not None
        assert after is not None
        try:
            mended = mend(diff(chosen.repository, chosen.before, chosen.after, path))
            back = taken_back(mended)
            turns = ((mended, before, after), (mended, after, after), (back, after, before))
            verdicts = [judged(one, path, onto, wanted) for one, onto, wanted in turns]
        except InputError as error:
            print(f"{path}: unreadable: {error}")
            counts["forward", "unreadable"] += 1
            continue
        for way, (verdict, report) in zip(WAYS, verdicts, strict=True):
            counts[way, verdict] += 1
            if verdict != "right":
                print(f"{path}: {way}: {why(verdict, report)}")
    print(f"{len(paths)} files, {time.process_time() - start:.1f} s CPU")
    for way in WAYS:
        told = (f"{count} {verdict}" for (of, verdict), count in counts.items() if of == way)
        print(f"{way}: {', '.join(told)}")
    sys.exit(1 if any(verdict == "wrong" for _, verdict in counts) else 0)


if __name__ == "__main__":
    main()
