#!/usr/bin/env python3
"""From a tree to the guest's verdict: how long does `patchkit ci` take, and where does it go?

    python benchmarks/ci_times.py [--scratch DIR] [VERSION]

VERSION (2.4.0-test10) must be fetched, or PATCHKIT_LINUX_HISTORY name a history that has it. Its
files go into a scratch folder and a recipe runs there, with a cache of its own that begins empty:
the series vma-reserve and bttv-safe, the config bttv, an audit of drivers/, the guest's smoke test.
Three runs: cold, nothing changed, and one comment at the end of the bttv driver. The toolchain's
image is made or found first and is told apart.

Wall times by step are patchkit's own; audit and build run side by side. CPU is of all processes
below this one, those in containers too: what a container's monitor leaves is reaped here. On a
machine that has other work the wall times say little; the load is printed.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from patchkit.snapshots.open import open_tree
from patchkit.tree.base import Mode

DRIVER = "drivers/media/video/bttv-driver.c"
RECIPE = """\
name = "times"
[matrix]
trees = ["linux"]
series = [["vma-reserve", "bttv-safe"]]
configs = ["bttv"]
[audit]
paths = ["drivers"]
fail_on = "never"
[boot]
tests = ["smoke"]
accel = "tcg"
timeout = 300
"""
PR_SET_CHILD_SUBREAPER = 36
STEPS = ("fetch", "apply", "audit", "build", "boot")


class Used(NamedTuple):
    wall: float
    cpu: float


def adopt_orphans() -> None:
    """Containers are children of a monitor that outlives its parent: make it a child of ours."""
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")


def timed(command: list[str], environment: dict[str, str]) -> tuple[Used, str]:
    """Run *command* and all that it leaves behind to its end."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=False)
    wall = time.monotonic() - began
    while True:
        try:
            os.wait()
        except ChildProcessError:
            break
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(command)}: exit {done.returncode}\n{done.stdout}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Used(wall, cpu), done.stdout


def write_tree(version: str, folder: Path) -> None:
    tree = open_tree(tree=None, snapshot=version)
    for path in tree.paths():
        data, at = tree.read(path) or b"", folder / path
        at.parent.mkdir(parents=True, exist_ok=True)
        if tree.mode(path) is Mode.LINK:
            at.symlink_to(os.fsdecode(data))
            continue
        at.write_bytes(data)
        at.chmod(0o755 if tree.mode(path) is Mode.EXECUTABLE else 0o644)


def told(name: str, used: Used, report: dict[str, Any]) -> str:
    steps = {step["name"]: step for step in report["cells"][0]["steps"]}
    cells = ("kept" if steps[step]["cached"] else f"{steps[step]['seconds']:.1f}" for step in STEPS)
    return f"| {name} | {' | '.join(cells)} | {used.wall:.1f} | {used.cpu:.1f} |"


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("version", nargs="?", default="2.4.0-test10")
    arguments.add_argument("--scratch", type=Path, help="where to work; default: a new folder")
    asked = arguments.parse_args()
    adopt_orphans()
    with tempfile.TemporaryDirectory(dir=asked.scratch) as name:
        folder = Path(name)
        environment = {**os.environ, "PATCHKIT_CACHE": str(folder / "cache")}
        program = [sys.executable, "-m", "patchkit"]
        image, _ = timed([*program, "toolchains", "--make", "debian-gcc"], environment)
        print(f"toolchain's image, made or found: {image.wall:.1f} s wall, {image.cpu:.1f} s CPU")
        write_tree(asked.version, folder / "linux")
        (folder / "r.toml").write_text(RECIPE)
        command = [*program, "ci", str(folder / "r.toml"), "-o", str(folder / "out"),
                   "--format", "json"]  # fmt: skip
        print(f"| {asked.version} | {' | '.join(STEPS)} | wall | CPU |")
        print("|---" * (len(STEPS) + 3) + "|")
        for run in ("cold", "nothing changed", "one driver changed"):
            if run == "one driver changed":
                with (folder / "linux" / DRIVER).open("a") as driver:
                    driver.write("/* one line more */\n")
            used, report = timed(command, environment)
            print(told(run, used, json.loads(report)), flush=True)
    processors = len(os.sched_getaffinity(0))
    print(f"seconds; {processors} processors, load {os.getloadavg()[0]:.1f} at the end")


if __name__ == "__main__":
    main()
