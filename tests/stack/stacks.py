"""A small stack of patches, the trees that it goes onto, and the command line on them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.support.git import commit, git

TOP = Path(__file__).parent.parent.parent
PATCHKIT = (sys.executable, "-m", "patchkit")


def lines(*changed: tuple[int, str], count: int = 60) -> bytes:
    """A file of *count* numbered lines, but for those *changed*."""
    words = {number: f"int value_{number};" for number in range(1, count + 1)} | dict(changed)
    return "".join(f"{words[number]}\n" for number in sorted(words)).encode()


# What the patches were made against, and what each makes of it.
BASE = {"mm/a.c": lines(), "mm/b.c": lines()}
ONE = {**BASE, "mm/a.c": lines((5, "int five;"))}
TWO = {
    "mm/a.c": lines((5, "int five;"), (20, "int twenty;")),
    "mm/b.c": lines((3, "int three;")),
}
THREE = {**TWO, "mm/b.c": lines((3, "int three;"), (30, "int thirty;")), "mm/new.c": b"int n;\n"}
STACK = (ONE, TWO, THREE)
# The tree to carry them to: patch 2 is in conflict with it.
TARGET = {"mm/a.c": lines((20, "long twenty;")), "mm/b.c": lines()}
RESOLVED = lines((5, "int five;"), (20, "long long twenty;"))


def stack_mbox(folder: Path, versions: tuple[Mapping[str, bytes], ...] = STACK) -> Path:
    """The stack as git format-patch writes it."""
    made = folder / "made"
    commit(made, BASE, tag="base")
    for number, files in enumerate(versions, 1):
        commit(made, files, tag=f"patch {number}".replace(" ", "-"))
    mbox = folder / "stack.mbox"
    mbox.write_text(git(made, "format-patch", "--stdout", "base") + "\n")
    return mbox


def git_target(folder: Path, files: Mapping[str, bytes] = TARGET) -> Path:
    tree = folder / "linux"
    commit(tree, files, tag="target")
    return tree


def plain_target(folder: Path, files: Mapping[str, bytes] = TARGET) -> Path:
    tree = folder / "linux"
    for name, content in files.items():
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_bytes(content)
    return tree


def patchkit(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*PATCHKIT, *map(str, arguments)], cwd=TOP, capture_output=True, check=False, text=True
    )


def content(tree: Path) -> dict[str, bytes]:
    """Every file in *tree* but git's."""
    return {
        path.relative_to(tree).as_posix(): path.read_bytes()
        for path in sorted(tree.rglob("*"))
        if path.is_file() and ".git" not in path.relative_to(tree).parts
    }
