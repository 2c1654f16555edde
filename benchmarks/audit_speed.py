"""CPU seconds and memory of an audit, beside the limit: reading the files.

python benchmarks/audit_speed.py TREE
"""

from __future__ import annotations

import os
import resource
import sys
import tempfile
import time
from pathlib import Path


def spent(*arguments: str, cache: str) -> tuple[float, int]:
    """CPU seconds and peak kilobytes of one patchkit."""
    child = os.fork()
    if child == 0:
        os.environ["PATCHKIT_CACHE"] = cache
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os.execv(sys.executable, [sys.executable, "-m", "patchkit", *arguments])
    _, _, used = os.wait4(child, 0)
    return used.ru_utime + used.ru_stime, used.ru_maxrss


def reading(folder: Path) -> float:
    before = time.process_time()
    for path in sorted(folder.rglob("*.[ch]")):
        if path.is_file() and not path.is_symlink():
            path.read_bytes()
    return time.process_time() - before


def main() -> None:
    tree = Path(sys.argv[1])
    print(f"reading drivers/: {reading(tree / 'drivers'):.2f} CPU s")
    for what, arguments in {
        "drivers/, sites": ("drivers", "--sites"),
        "drivers/, verdicts": ("drivers",),
        "drivers/, verdicts again": ("drivers",),
        "whole tree, verdicts": (".",),
        "whole tree, verdicts again": (".",),
    }.items():
        seconds, memory = spent("audit", "--tree", str(tree), *arguments, cache=CACHE)
        print(f"{what}: {seconds:.2f} CPU s, {memory // 1024} MB")
    limit = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"(this script: {limit // 1024} MB)")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as CACHE:
        main()
