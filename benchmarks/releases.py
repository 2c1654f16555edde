"""Which releases build and boot: the rows of docs/releases.md, as Markdown on standard output.

    python benchmarks/releases.py [--config NAME] VERSION...

One after the other: fetched already, built in the container, booted under TCG with ``smoke``
(and ``reserve-matrix`` for 2.4, whose probes are built in). A row ends with the first cause where
there is no kernel. Outputs go to a temporary folder.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

TOP = Path(__file__).parent.parent


def patchkit(*words: str) -> tuple[int, dict[str, Any], str]:
    """Exit status, document and last words of a command."""
    done = subprocess.run(
        (sys.executable, "-m", "patchkit", *words, "--format", "json"),
        cwd=TOP, capture_output=True, text=True, check=False,
    )  # fmt: skip
    try:
        document = json.loads(done.stdout)
    except ValueError:
        document = {}
    return done.returncode, document, done.stderr.strip().split("\n")[-1]


def row(version: str, config: str, folder: Path) -> str:
    """The table's row of *version*."""
    output = str(folder / version)
    status, built, said = patchkit("build", "--snapshot", version, "--config", config, "-o", output)
    if status != 0:
        errors = built.get("results", {}).get("errors", [])
        cause = "; ".join(f"{e['path']}:{e['line']}: {e['text']}" for e in errors[:1])
        count = f" ({len(errors)} errors)" if errors else ""
        return f"| {version} | {config} | no: {cause or built.get('reason') or said}{count} | |"
    tests = ["--test", "smoke"]
    if version.startswith("2.4"):
        tests += ["--test", "reserve-matrix"]
    _, booted, said = patchkit("boot", output, *tests, "--accel", "tcg", "--timeout", "60")
    passed = ", ".join(test["name"] for test in booted.get("tests", []) if test["passed"])
    verdict = booted.get("verdict", said)
    return f"| {version} | {config} | yes | {verdict}: {passed or 'none passed'} |"


def main() -> None:
    words = sys.argv[1:]
    config = "tiny"
    if words[:1] == ["--config"]:
        config, words = words[1], words[2:]
    print("| release | configuration | builds | guest |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for version in words:
            print(row(version, config, Path(folder)), flush=True)


if __name__ == "__main__":
    main()
