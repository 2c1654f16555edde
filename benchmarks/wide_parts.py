"""The wide configuration of 2.4.0-test10 in parts that a boot loader takes: each built and booted.

    benchmarks/wide_parts.py OUT [PART...]

The whole links, but is more than the tree's own setup loads (docs/newcc.md). A part is the ``tiny``
configuration, and of ``wide`` what the Config.in of its folders, and of the core, know. OUT/PART
gets the kernel; the table goes to standard output.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import Any

import patchkit.kbuild
from patchkit.snapshots.open import open_tree
from patchkit.tree.base import Tree

VERSION = "2.4.0-test10"
CONFIGS = Path(patchkit.kbuild.__file__).parent / "configs" / "old"
CORE = ("arch/i386", "drivers/pci", "drivers/pnp", "drivers/parport", "drivers/pcmcia", "lib")
PARTS = {
    "net": ("fs", "net", "drivers/atm", "drivers/isdn", "drivers/net/hamradio", "drivers/net/irda"),
    "cards": ("net", "drivers/net", "drivers/char", "drivers/i2c"),
    "disks": ("drivers/scsi", "drivers/cdrom", "drivers/ide", "drivers/block", "drivers/md",
              "drivers/i2o", "drivers/mtd", "drivers/ieee1394", "net"),
    "media": ("drivers/sound", "drivers/usb", "drivers/telephony", "drivers/video",
              "drivers/media", "drivers/input", "drivers/i2c", "drivers/acpi", "drivers/char",
              "drivers/misc"),
}  # fmt: skip
# It takes the memory at 96 MB for its own (drivers/mtd/slram.c:105): on a machine with 128 MB
# ioremap() refuses that, and the driver reads through the NULL that it gets.
NOT_HERE = frozenset(("CONFIG_MTD_SLRAM",))
_NO_QUESTION = re.compile(r"\s*(?:if|source|#|fi|else)\b")


def main() -> None:
    folder, names = Path(sys.argv[1]), sys.argv[2:] or PARTS
    folder.mkdir(parents=True, exist_ok=True)
    known = _known(open_tree(tree=None, snapshot=VERSION))
    print("| part | options | objects | guest |\n|---|---|---|---|")
    for name in names:
        config = folder / f"{name}.config"
        config.write_text(_fragment(known, (*CORE, *PARTS[name])))
        print(_row(name, config, folder / name), flush=True)


def _known(tree: Tree) -> dict[str, set[PurePosixPath]]:
    """Option → the folders whose Config.in asks for it."""
    known: dict[str, set[PurePosixPath]] = {}
    for path in tree.paths():
        if path.name.lower() != "config.in":
            continue
        for line in (tree.read(path) or b"").decode("latin-1").split("\n"):
            option = None if _NO_QUESTION.match(line) else re.search(r"CONFIG_\w+", line)
            if option:
                known.setdefault(option[0], set()).add(path.parent)
    return known


def _fragment(known: dict[str, set[PurePosixPath]], folders: Iterable[str]) -> str:
    tiny, wide = ((CONFIGS / f"{name}.config").read_text().split("\n") for name in ("tiny", "wide"))
    base = [line for line in tiny if "=" in line]
    rest = [line for line in wide if "=" in line and line not in base]
    inside = {
        option
        for option, places in known.items()
        if any(place.is_relative_to(folder) for place in places for folder in folders)
    }
    on = [line for line in rest if line.partition("=")[0] in inside - NOT_HERE]
    off = [f"# {line.partition('=')[0]} is not set" for line in rest if line not in on]
    return "\n".join((*base, *on, *off, ""))


def run(*words: str) -> tuple[int, dict[str, Any], str]:
    """Exit status, document and last words of a command of patchkit's."""
    done = subprocess.run(
        (sys.executable, "-m", "patchkit", *words, "--format", "json"),
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    try:
        document = json.loads(done.stdout)
    except ValueError:
        document = {}
    return done.returncode, document, done.stderr.strip().split("\n")[-1]


def _row(name: str, config: Path, output: Path) -> str:
    words = ("--snapshot", VERSION, "--config", str(config), "--keep-going", "-o", str(output))
    status, built, said = run("build", *words)
    made, asked = built.get("objects", ("?", "?"))
    options = sum(line.endswith("=y") for line in config.read_text().split("\n"))
    if status != 0:
        errors = built.get("results", {}).get("errors", [])
        cause = errors[0]["text"] if errors else said
        return f"| {name} | {options} | {made} of {asked} | no kernel: {cause} |"
    tests = ("--test", "smoke", "--accel", "tcg", "--timeout", "900")
    _, booted, said = run("boot", str(output), *tests)
    passed = ", ".join(test["name"] for test in booted.get("tests", []) if test["passed"])
    verdict = booted.get("verdict", said)
    return f"| {name} | {options} | {made} of {asked} | {verdict}: {passed or 'none passed'} |"


if __name__ == "__main__":
    main()
