#!/usr/bin/env python3
"""patchkit beside other tools on the cases of a bench folder: right and silently wrong, by cause.

    PATCHKIT_LINUX_HISTORY=REPO python benchmarks/against_peers.py BENCH
        [--set merge] [--peer 'patch -l'] [--every N]

BENCH is a folder with ``cases.py``, ``tools.py`` and ``run.py``, which lay cases out, run a
command on them and judge the result; they are imported from there. Peers whose program is not
installed are left out. patchkit runs in this process, without a history, and (``+ history``) with
REPO up to the commit that the case's target is of. Opening it, 60 to 90 ms for each process, is
not counted; the start of a peer's program, 1 ms, is.

The first tables have a line for each cause for which a case is not plain, the second says what the
tools did where they were not right. A cell is right / silently wrong: exit status 0, and other
tokens, comments or strings than the truth.
"""

from __future__ import annotations

import argparse
import importlib
import os
import shlex
import shutil
import statistics
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from patchkit.errors import InputError
from patchkit.history.version import History
from patchkit.port.outcome import Outcome
from patchkit.port.patch import Ported, port
from patchkit.repair.mend import mend
from patchkit.snapshots.git_history import open_history
from patchkit.tree.overlay import File, MemoryTree

PEERS = ("patch", "patch -l", "git apply", "git apply -C1 ws", "wiggle", "git merge-file*")
OURS = ("patchkit", "patchkit + history")
RIGHT = frozenset(("exact", "ws", "token", "said", "silent"))
WRONG = frozenset(("wrong", "string", "comment"))
TOLD = "told"
CONTEXT = {
    "exact": "stands as it was",
    "offset": "moved",
    "fuzz": "one or two lines of context differ",
    "hard": "more of the context differs",
}
DEEDS = {
    "refused": "refused, tree untouched",
    "partial": "refused, tree half changed",
    "noop": "exit 0, nothing done",
    "error": "killed, or out of time",
    "wrong": "silently wrong: tokens",
    "comment": "silently wrong: comments",
    "string": "silently wrong: strings",
    TOLD: "exit 0, a string differs, and it is told",
}


class Row(NamedTuple):
    """What a tool made of a case, and the CPU time that it took."""

    tool: str
    section: str
    cause: str
    outcome: str
    cpu: float  # ms


def cause(case: Mapping[str, Any], laid: Mapping[str, Any]) -> tuple[str, str]:
    """The set that *case* is of, and why it is not plain."""
    if case["set"] == "mail":
        lossy = ", strings lost white space" if case["lossy"] else ""
        return "mail", case["kind"] + lossy
    if case["set"] == "already":
        return "already", "the target has the change"
    if case["set"] == "drift":
        return "drift", CONTEXT[case["f0"]]
    if case["kind"] == "evil":
        return "merge", "evil: merges cleanly, a person did otherwise"
    if case["kind"] == "easy":
        return "merge", f"easy: {CONTEXT.get(case['f0'], case['f0'])}"
    (path,) = laid["truth"]
    whole = laid["truth"][path] in (laid["tree"][path], laid["theirs"])
    return "merge", f"conflict: {'one side taken whole' if whole else 'resolved by hand'}"


def ported(laid: Mapping[str, Any], history: History | None) -> Ported | None:
    tree = MemoryTree({PurePosixPath(path): File(data) for path, data in laid["tree"].items()})
    try:
        return port(mend(laid["patch"]), tree, history=history)
    except InputError:
        return None


def carry(laid: Mapping[str, Any], tree: Path, repo: Path | None) -> tuple[int, bytes, float]:
    """As the command would: its exit status, what it says of it, and CPU milliseconds."""
    with ExitStack() as stack:
        history = None
        if repo is not None:
            history = stack.enter_context(closing(open_history(repo, laid["tip"])))
        start = time.process_time()
        made = ported(laid, history)
        cpu = (time.process_time() - start) * 1000
    if made is None or made.report.outcome is Outcome.CONFLICT:
        return 1, b"conflict", cpu
    for path, file in made.changes.items():
        if file is not None:
            (tree / path).write_bytes(file.data)
    doubts = any(hunk.doubts for file in made.report.files for hunk in file.hunks)
    return 0, made.report.outcome.value.encode() + b" in doubt" * doubts, cpu


def rows(bench: Any, tools: Any, case: Mapping[str, Any], laid: dict[str, Any], room: Path,
         chosen: tuple[str, ...]) -> Iterator[Row]:  # fmt: skip
    section, why = cause(case, laid)
    repo = Path(os.environ["PATCHKIT_LINUX_HISTORY"])
    for tool in (*chosen, *OURS):
        if tool in tools.WITH_BASE and "base" not in laid:
            continue
        if tool == OURS[1] and "tip" not in laid:
            continue
        shutil.rmtree(room, ignore_errors=True)
        room.mkdir()
        command = {**tools.TOOLS, **tools.WITH_BASE}.get(tool, "")
        names = bench.lay_out(laid, str(room), "{gitpatch}" in command)
        tree = names["tree"]
        if command:
            status, said, cpu, _ = bench.execute(command, names, tree)
        else:
            status, said, cpu = carry(laid, Path(tree), repo if tool == OURS[1] else None)
        outcome, _ = bench.score(case, laid, tree, status, said)
        if outcome == "string" and b"in doubt" in said:
            outcome = TOLD
        yield Row(tool, section, why, outcome, cpu)


def table(head: tuple[str, ...], lines: list[tuple[str, ...]]) -> None:
    print(f"| {' | '.join(head)} |")
    print("|---" * len(head) + "|")
    for line in lines:
        print(f"| {' | '.join(line)} |")
    print()


def right_and_wrong(found: list[Row]) -> str:
    if not found:
        return "-"
    outcomes = Counter(row.outcome for row in found)
    return f"{sum(outcomes[o] for o in RIGHT)} / {sum(outcomes[o] for o in WRONG)}"


def by_cause(found: list[Row], tools: tuple[str, ...]) -> None:
    cells: dict[tuple[str, str], dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for row in found:
        cells[row.section, row.cause][row.tool].append(row)
    for section in dict.fromkeys(section for section, _ in cells):
        print(f"### {section}: right / silently wrong\n")
        causes = sorted(why for of, why in cells if of == section)
        lines = [
            (why, str(len(cells[section, why][OURS[0]])),
             *(right_and_wrong(cells[section, why][tool]) for tool in tools))
            for why in causes
        ]  # fmt: skip
        table(("cause", "cases", *tools), lines)


def failures(found: list[Row], tools: tuple[str, ...]) -> None:
    print("### what was done where it was not right\n")
    tools = tuple(tool for tool in tools if any(row.tool == tool for row in found))
    counts = Counter((row.outcome, row.tool) for row in found)
    lines = [(text, *(str(counts[deed, tool]) for tool in tools)) for deed, text in DEEDS.items()]
    cpu = (statistics.median(r.cpu for r in found if r.tool == tool) for tool in tools)
    slowest = (max(r.cpu for r in found if r.tool == tool) for tool in tools)
    lines.append(("CPU, median, ms", *(f"{ms:.1f}" for ms in cpu)))
    lines.append(("CPU, most, ms", *(f"{ms:.0f}" for ms in slowest)))
    table(("", *tools), lines)


def installed(tools: Any, wanted: tuple[str, ...]) -> Iterator[str]:
    commands = {**tools.TOOLS, **tools.WITH_BASE}
    for name in wanted:
        words = shlex.split(commands[name])
        program = next(word for word in words if word not in ("env", "-C", "{tree}"))
        if shutil.which(program):
            yield name
        else:
            print(f"{name}: no {program} on this machine", file=sys.stderr)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("bench", type=Path)
    parser.add_argument("--set", action="append", choices=("merge", "drift", "already", "mail"))
    parser.add_argument("--peer", action="append")
    parser.add_argument("--every", type=int, default=1, help="only each Nth case")
    chosen = parser.parse_args()
    sys.path.insert(0, str(chosen.bench.resolve()))
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("BENCH_SCRATCH", folder)
        bench, tools, cases = (importlib.import_module(n) for n in ("run", "tools", "cases"))
        peers = tuple(installed(tools, tuple(chosen.peer or PEERS)))
        found: list[Row] = []
        for name in chosen.set or ("merge", "drift", "already", "mail"):
            for case in cases.load(name)[:: chosen.every]:
                laid = cases.materialise(case)
                found += rows(bench, tools, case, laid, Path(folder) / "room", peers)
    by_cause(found, (*peers, *OURS))
    failures(found, (*peers, *OURS))


if __name__ == "__main__":
    main()
