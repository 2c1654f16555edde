"""What a command costs as a whole process, beside its peers: CPU seconds, median of several runs.

    python benchmarks/command_cost.py [RUNS]

``patchkit --version`` beside ``python -c pass``; ``patchkit apply`` of the founding mail on the
miniature beside ``patch`` with the same change as a clean diff. Ratios are what can be compared.
"""

from __future__ import annotations

import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

TOP = Path(__file__).parent.parent
MINIATURE = TOP / "kernel-snapshots" / "miniature"
CLEAN = TOP / "tests" / "cases" / "miniature" / "vm-reserved.patch"
PATCHKIT = (sys.executable, "-m", "patchkit")


def cpu(command: tuple[str, ...], runs: int) -> float:
    """The median CPU milliseconds of *command*, its children's included."""
    spent = []
    for _ in range(runs + 1):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, cwd=TOP, capture_output=True, check=False)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return 1000 * statistics.median(spent[1:])  # the first one warms the caches


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder) / "linux"
        shutil.copytree(MINIATURE, tree)
        rows = (
            ("python -c pass", (sys.executable, "-c", "pass")),
            ("patchkit --version", (*PATCHKIT, "--version")),
            ("patch --dry-run", ("patch", "-p1", "--dry-run", "-d", str(tree), "-i", str(CLEAN))),
            (
                "patchkit apply --check",
                (*PATCHKIT, "apply", "vm-reserved", "--tree", str(tree), "--check"),
            ),
        )
        costs = [(name, cpu(command, runs)) for name, command in rows]
    for name, cost in costs:
        print(f"{name:24} {cost:7.1f} ms CPU  {cost / costs[0][1]:6.1f} x python")


if __name__ == "__main__":
    main()
