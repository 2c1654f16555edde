"""Which releases build and boot: the rows of docs/releases.md, as Markdown.

    python benchmarks/releases.py [--config NAME] VERSION...
    python benchmarks/releases.py --all LOG

One after the other: built in the container, booted under TCG with ``smoke`` (and
``reserve-matrix`` for 2.4, whose probes are built in). A row ends with the first cause where there
is no kernel. The versions named are fetched already, and their rows go to standard output.

``--all`` takes ROWS, each fetched from the git repository that PATCHKIT_LINUX_HISTORY names, and
adds their rows to LOG; those that are there already are not made again, so that it goes on where
it was ended. What a row needs is kept in LOG.cache and removed behind it, but for ccache's
results. Some hours on two processors; ``nice`` is a good idea.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

TOP = Path(__file__).parent.parent
# by the way in which they were first tried: bttv has more of a kernel in it, tiny takes less time
ROWS: tuple[tuple[str, str, range | tuple[int, ...] | None], ...] = (
    ("tiny", "2.2.{}", range(27)),
    ("bttv", "2.4.0-test1", None),
    ("tiny", "2.4.0-test{}", range(2, 13)),
    ("net", "2.4.0-test2", None),
    ("bttv", "2.4.0-test10-pre{}", range(1, 8)),
    ("bttv", "2.4.0-test10", None),
    ("tiny", "2.4.0-prerelease", None),
    ("bttv", "2.4.{}", (*range(7), *range(8, 19))),
    ("net", "2.4.{}", (14, 15, 16)),
    ("tiny", "2.4.{}", (7, *range(19, 32))),
    ("tiny", "2.6.0-test{}", range(1, 12)),
    ("tiny", "2.6.{}", range(11)),
    ("tiny", "2.6.8.1", None),
    ("tiny", "2.6.11.{}", range(1, 6)),
    ("tiny", "2.6.12-rc1", None),
)


def patchkit(*words: str, cache: Path | None = None) -> tuple[int, dict[str, Any], str]:
    """Exit status, document and last words of a command."""
    done = subprocess.run(
        (sys.executable, "-m", "patchkit", *words, "--format", "json"),
        cwd=TOP, capture_output=True, text=True, check=False,
        env={**os.environ, **({"PATCHKIT_CACHE": str(cache)} if cache else {})},
    )  # fmt: skip
    try:
        document = json.loads(done.stdout)
    except ValueError:
        document = {}
    return done.returncode, document, done.stderr.strip().split("\n")[-1]


def row(version: str, config: str, folder: Path, cache: Path | None = None) -> str:
    """The table's row of *version*."""
    output = str(folder / version)
    status, built, said = patchkit(
        "build", "--snapshot", version, "--config", config, "-o", output, cache=cache
    )
    if status != 0:
        errors = built.get("results", {}).get("errors", [])
        cause = "; ".join(f"{e['path']}:{e['line']}: {e['text']}" for e in errors[:1])
        count = f" ({len(errors)} errors)" if errors else ""
        return f"| {version} | {config} | no: {cause or built.get('reason') or said}{count} | |"
    tests = ["--test", "smoke"]
    if version.startswith("2.4"):
        tests += ["--test", "reserve-matrix"]
    _, booted, said = patchkit(
        "boot", output, *tests, "--accel", "tcg", "--timeout", "60", cache=cache
    )
    passed = ", ".join(test["name"] for test in booted.get("tests", []) if test["passed"])
    verdict = booted.get("verdict", said)
    return f"| {version} | {config} | yes | {verdict}: {passed or 'none passed'} |"


def every_row() -> Iterator[tuple[str, str]]:
    """Configuration and version of each of ROWS."""
    for config, version, numbers in ROWS:
        for number in (None,) if numbers is None else numbers:
            yield config, version.format(number)


def all_rows(log: Path) -> None:
    """Add what is missing of ROWS to *log*."""
    history, cache = os.environ["PATCHKIT_LINUX_HISTORY"], Path(f"{log}.cache").absolute()
    log.touch()
    for config, version in every_row():
        if f"| {version} | {config} |" in log.read_text():
            continue
        status, _, said = patchkit("fetch", version, "--from", history, cache=cache)
        with tempfile.TemporaryDirectory() as folder, log.open("a") as table:
            made = row(version, config, Path(folder), cache) if status == 0 else said
            print(made, file=table)
        for behind in ("kbuild", "snapshots"):
            shutil.rmtree(cache / behind, ignore_errors=True)


def main() -> None:
    words = sys.argv[1:]
    if words[:1] == ["--all"]:
        all_rows(Path(words[1]))
        return
    config = "tiny"
    if words[:1] == ["--config"]:
        config, words = words[1], words[2:]
    print("| release | configuration | builds | guest |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for version in words:
            print(row(version, config, Path(folder)), flush=True)


if __name__ == "__main__":
    main()
