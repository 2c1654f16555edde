"""The README's commands print what it says, and the other pages leave nothing out."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from patchkit.cli import COMMANDS
from patchkit.errors import Exit

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


def test_the_architecture_has_a_heading_for_every_package() -> None:
    text = (TOP / "docs" / "architecture.md").read_text()
    headings = " ".join(re.findall(r"^## (.*)$", text, re.MULTILINE)).split()
    packages = {
        path.parent.name for path in (TOP / "patchkit").glob("*/*.py") if path.name != "__init__.py"
    }
    assert packages <= set(headings)


def test_every_exit_code_is_documented() -> None:
    text = (TOP / "docs" / "commands.md").read_text()
    codes = {int(code) for code in re.findall(r"^\| (\d+) \|", text, re.MULTILINE)}
    assert {int(code) for code in Exit} <= codes


def test_the_changelog_names_every_command() -> None:
    text = (TOP / "CHANGELOG.md").read_text()
    assert [name for name in COMMANDS if f"`patchkit {name}`" not in text] == []


def test_no_link_between_the_pages_is_broken() -> None:
    for page in [*TOP.glob("*.md"), *TOP.glob("docs/*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
