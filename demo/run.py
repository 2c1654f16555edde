"""The main job on the miniature tree: each command line as a user types it, and what it prints.

Run by ``make demo``. Exits 0 only if every command ends with the code and the words expected here.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

TOP = Path(__file__).resolve().parent.parent
MAIL = TOP / "patches" / "vm-reserved" / "mail.txt"
MINIATURE = TOP / "kernel-snapshots" / "miniature"
DRIFT = TOP / "demo" / "drift.patch"


class Step(NamedTuple):
    """A command, with the exit code and the words that its output must have."""

    say: str
    command: str
    exit_code: int
    words: tuple[str, ...]


STEPS = (
    Step(
        "A mail from 2000, saved from a web archive: its tabs are gone, its blanks are no-break\n"
        "spaces, prose stands between the diffs. Make patches of it.",
        "patchkit extract mail.txt -o patches",
        0,
        (),
    ),
    Step(
        "Would it go onto this tree? White space comes from the tree's own lines.",
        "patchkit apply mail.txt --tree linux --check",
        0,
        ("applied",),
    ),
    Step(
        "The same series by its name, and in earnest.",
        "patchkit apply vm-reserved --tree linux",
        0,
        ("applied",),
    ),
    Step(
        "Once more: what is there is recognised, and left alone.",
        "patchkit apply vm-reserved --tree linux",
        0,
        ("already",),
    ),
    Step(
        "Another tree went on meanwhile, and took a part of the series. (drift.patch makes it:\n"
        "a plain git patch.)",
        "patchkit apply drift.patch --tree next",
        0,
        ("applied",),
    ),
    Step(
        "Now a part is there already, a part applies, and the lines around one hunk were\n"
        "rewritten. Where nothing may be adapted it is a conflict, and nothing is written: a tree\n"
        "with the rest alone would not compile.",
        "patchkit apply vm-reserved --tree next --exact-only",
        1,
        ("already", "conflict", "include/linux/wrapper.h", "vma_reserve"),
    ),
    Step(
        "Else it is adapted, and the report shows how. (--strict would end with 3.)",
        "patchkit apply vm-reserved --tree next",
        0,
        ("context was reformatted", "adapted: 9 lines of context", "applied: 7 hunks"),
    ),
    Step(
        "And which pages do the drivers still reserve?",
        "patchkit audit drivers net --tree linux",
        1,
        ("drivers/sound/dmabuf.c:44:3:", "mem_map_reserve", "drivers/char/agp/gart.c:28:11:"),
    ),
)


def prepare(folder: Path) -> None:
    """Put copies of the inputs into *folder*: nothing of the checkout is changed."""
    shutil.copy(MAIL, folder)
    shutil.copy(DRIFT, folder)
    for tree in ("linux", "next"):
        shutil.copytree(MINIATURE, folder / tree)


def shown(step: Step, folder: Path) -> list[str]:
    """Run *step* in *folder* and show it; what was other than expected."""
    print()
    for line in step.say.split("\n"):
        print(f"# {line}")
    print(f"$ {step.command}", flush=True)
    done = subprocess.run(
        [sys.executable, "-m", *step.command.split()],
        cwd=folder,
        # This checkout's patchkit, and none of the user's own settings.
        env={**os.environ, "PYTHONPATH": str(TOP), "XDG_CONFIG_HOME": str(folder / "none")},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    print(done.stdout, end="")
    print(f"[exit {done.returncode}]")
    wrong = [f"{step.command}: no word of {word}" for word in step.words if word not in done.stdout]
    if done.returncode != step.exit_code:
        wrong.append(f"{step.command}: exit {done.returncode}, not {step.exit_code}")
    return wrong


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="patchkit-demo-") as name:
        prepare(Path(name))
        wrong = [line for step in STEPS for line in shown(step, Path(name))]
    print()
    for line in wrong:
        print(f"demo: {line}", file=sys.stderr)
    if not wrong:
        print("demo: every outcome was as expected")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
