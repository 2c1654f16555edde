"""The README's commands print what the README says. Each runs in a folder as it describes."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

TOP = Path(__file__).parent.parent
MINIATURE = TOP / "kernel-snapshots" / "miniature"
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Example(NamedTuple):
    """A command of the README, and what it prints there; ``...`` stands for any lines."""

    command: str
    output: str


def examples() -> list[Example]:
    blocks = BLOCK.findall((TOP / "README.md").read_text())
    return [Example(*block.removeprefix("$ ").split("\n", 1)) for block in blocks]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copy(TOP / "patches" / "vm-reserved" / "mail.txt", tmp_path)
    for tree in ("linux", "next"):
        shutil.copytree(MINIATURE, tmp_path / tree)
    drift = str(TOP / "demo" / "drift.patch")
    subprocess.run(["git", "apply", drift], cwd=tmp_path / "next", check=True)
    return tmp_path


def test_it_has_four_commands() -> None:
    assert len(examples()) == 4


@pytest.mark.parametrize("example", examples(), ids=lambda example: example.command)
def test_a_command_prints_what_the_readme_says(example: Example, folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", *example.command.split()],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(TOP)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    pattern = re.escape(example.output).replace(re.escape("...\n"), "(?:.*\n)+")
    assert re.fullmatch(pattern, done.stdout), done.stdout
