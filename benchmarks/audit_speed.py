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
        "drivers/, verdicts, -j 2": ("drivers", "-j", "2"),
        "whole tree, verdicts": (".",),
    }.items():
        with tempfile.TemporaryDirectory() as cache:
            show(what, "audit", "--tree", str(tree), *arguments, cache=cache)
            if "--sites" in arguments or "-j" in arguments:
                continue
            show("  again", "audit", "--tree", str(tree), *arguments, cache=cache)
            (Path(cache) / "audits.sqlite").unlink()
            show("  by the files' facts", "audit", "--tree", str(tree), *arguments, cache=cache)
    limit = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"(this script: {limit // 1024} MB)")


def show(what: str, *arguments: str, cache: str) -> None:
    began = time.monotonic()
    seconds, memory = spent(*arguments, cache=cache)
    wall = time.monotonic() - began
    print(f"{what}: {seconds:.2f} CPU s, {wall:.2f} s, {memory // 1024} MB")


if __name__ == "__main__":
    main()
