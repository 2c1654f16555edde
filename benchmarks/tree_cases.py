"""Ports the changes of tree_cases.json to whole older trees, and scores what comes out.

    PATCHKIT_LINUX_HISTORY=... python benchmarks/tree_cases.py [KIND...]

moved, twins   right: the file is what a three-way merge from the change's own base makes of it
gone           right: refused, as the tree has no such file
symbols        right: refused, or landed with a doubt that names what the tree does not have

The port itself sees the patch and the tree, no history. Seconds are of this process's CPU.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path, PurePosixPath

from find_tree_cases import Case, Repository, merged

from patchkit.port.ladder.table import ADAPTING
from patchkit.port.outcome import Outcome
from patchkit.port.patch import Ported, port
from patchkit.port.text import Text
from patchkit.repair.mend import mend
from patchkit.snapshots.git_tree import GitTree, git_tree

CASES = Path(__file__).with_name("tree_cases.json")


@cache
def tree_of(repository: Path, tag: str) -> GitTree:
    return git_tree(repository, tag)


def score(case: Case, repository: Repository, ported: Ported, folder: Path) -> str:
    """``right``, ``refused`` or ``wrong``."""
    outcome = ported.report.outcome
    hunks = [hunk for file in ported.report.files for hunk in file.hunks]
    if case.kind == "gone":
        return "right" if outcome is Outcome.CONFLICT else "wrong"
    if case.kind == "symbols":
        told = outcome is Outcome.CONFLICT or any(hunk.doubts for hunk in hunks)
        return "right" if told else "wrong"
    if outcome is Outcome.CONFLICT:
        return "refused"
    assert case.there is not None
    truth = merged(repository, case, folder)
    assert truth is not None
    got = ported.changes.get(PurePosixPath(case.there))
    target = repository.text(case.tag, case.there) or b""
    text = got.data if got is not None else target
    return "right" if Text(text).keys == Text(truth).keys else "wrong"


def main() -> None:
    named = os.environ.get("PATCHKIT_LINUX_HISTORY")
    if not named:
        sys.exit("PATCHKIT_LINUX_HISTORY names no git repository with the kernel's history")
    repository = Repository(Path(named))
    totals: dict[str, Counter[str]] = defaultdict(Counter)
    slowest = 0.0
    with tempfile.TemporaryDirectory() as folder:
        for case in (Case(**each) for each in json.loads(CASES.read_text())):
            if sys.argv[1:] and case.kind not in sys.argv[1:]:
                continue
            tree = tree_of(Path(named), case.tag)
            patch = repository.diff(case.commit, case.path)
            start = time.process_time()
            ported = port(mend(patch), tree, ladder=ADAPTING)
            taken = time.process_time() - start
            slowest = max(slowest, taken)
            result = score(case, repository, ported, Path(folder))
            totals[case.kind][result] += 1
            said = [file.moved or file.reason for file in ported.report.files]
            said += [h.reason or "; ".join(h.doubts) for f in ported.report.files for h in f.hunks]
            why = next((each for each in said if each), "")
            print(f"{case.kind:8} {result:8} {taken:5.2f} s  {case.path} on {case.tag}: {why}")
    for kind, counts in totals.items():
        print(
            f"{kind}: {counts['right']} right, {counts['refused']} refused, {counts['wrong']} wrong"
        )
    print(f"slowest: {slowest:.2f} CPU s")


if __name__ == "__main__":
    main()
