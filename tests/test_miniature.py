"""The miniature tree is what its README says: the mail's lines at the mail's places, no more."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

TOP = Path(__file__).parent.parent
MINIATURE = TOP / "kernel-snapshots" / "miniature"
MAIL = TOP / "patches" / "vm-reserved" / "mail.txt"
RIGHT = TOP / "tests" / "cases" / "miniature" / "vm-reserved.patch"
SITES = TOP / "tests" / "cases" / "miniature" / "sites.txt"
DRIFT = TOP / "demo" / "drift.patch"


class Image(NamedTuple):
    """The old side of one hunk of the mail, white space collapsed."""

    path: str
    start: int
    lines: list[str]


def words(line: str) -> str:
    return " ".join(line.split())


def images_in_the_mail() -> Iterator[Image]:
    """Read without patchkit: by the counts of the ``@@`` lines alone."""
    lines = MAIL.read_text(encoding="utf-8").split("\n")
    path = ""
    for number, line in enumerate(lines):
        if line.startswith("--- 2.4.0"):
            path = line.split()[1].partition("/")[2].removesuffix(".~1~")
        if at := re.match(r"@@ -(\d+),(\d+) ", line):
            old = [words(old[1:]) for old in lines[number + 1 :] if not old.startswith("+")]
            yield Image(path, int(at[1]), old[: int(at[2])])


def files(tree: Path = MINIATURE) -> list[Path]:
    return sorted(path for path in tree.rglob("*") if path.is_file())


@pytest.mark.parametrize("image", list(images_in_the_mail()), ids=lambda i: f"{i.path}:{i.start}")
def test_a_hunk_of_the_mail_stands_at_the_line_that_it_states(image: Image) -> None:
    text = (MINIATURE / image.path).read_text().split("\n")
    there = text[image.start - 1 : image.start - 1 + len(image.lines)]
    assert [words(line) for line in there] == image.lines


def test_the_mail_has_seven_hunks() -> None:
    assert [image.start for image in images_in_the_mail()] == [95, 29, 318, 39, 181, 27, 228]


def test_bttv_mixes_tabs_and_blanks_as_no_global_rule_could_restore() -> None:
    lines = (MINIATURE / "drivers/media/video/bttv-driver.c").read_text().split("\n")[180:220]
    assert any(line.startswith("\t") for line in lines)
    assert any(line.startswith(" " * 8) for line in lines)
    assert any(re.match(r"\t+ {8}", line) for line in lines)
    assert any(line.endswith(" ") for line in lines)


@pytest.mark.parametrize("patch", [RIGHT, DRIFT], ids=["right", "drift"])
def test_git_applies_our_own_patches_to_it(patch: Path, tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    shutil.copytree(MINIATURE, tree)
    done = subprocess.run(["git", "apply", str(patch)], cwd=tree, capture_output=True, check=False)
    assert done.stderr == b""
    assert done.returncode == 0


def test_its_readme_says_that_it_is_no_kernel_and_names_every_file() -> None:
    readme = (MINIATURE / "README").read_text()
    assert "NO KERNEL" in readme
    named = set(re.findall(r"[\w-]+\.[ch]\b", readme))
    assert named == {path.name for path in files() if path.suffix in {".c", ".h"}}


def test_its_makefile_has_the_version_of_a_2_4_test_kernel() -> None:
    makefile = (MINIATURE / "Makefile").read_text()
    assert makefile.split("\n")[1:5] == [
        "VERSION = 2",
        "PATCHLEVEL = 4",
        "SUBLEVEL = 0",
        "EXTRAVERSION = -test10-pre4-mini",
    ]


def test_its_files_are_plain_text_with_whole_last_lines() -> None:
    for path in files():
        text = path.read_bytes()
        assert text.isascii(), path
        assert text.endswith(b"\n"), path
        assert b"\r" not in text, path


def contents(tree: Path) -> dict[str, bytes]:
    return {str(path.relative_to(tree)): path.read_bytes() for path in files(tree)}


def test_the_series_applies_to_it_byte_for_byte(tmp_path: Path) -> None:
    right, ours = tmp_path / "right", tmp_path / "ours"
    shutil.copytree(MINIATURE, right)
    shutil.copytree(MINIATURE, ours)
    subprocess.run(["git", "apply", str(RIGHT)], cwd=right, check=True)
    patchkit = [sys.executable, "-m", "patchkit"]
    subprocess.run([*patchkit, "apply", "vm-reserved", "--tree", str(ours)], cwd=TOP, check=True)
    assert contents(ours) == contents(right)


def test_the_audit_lists_its_sites_as_worked_out_by_hand() -> None:
    arguments = [sys.executable, "-m", "patchkit", "audit", ".", "--tree", str(MINIATURE)]
    done = subprocess.run([*arguments, "--format", "json"], capture_output=True, check=False)
    found = [
        f"{site['file']}:{site['line']}:{site['column']} {site['primitive']} {site['role']}"
        f" {site['function'] or '-'} {'live' if site['live'] else 'dead'}"
        for site in json.loads(done.stdout)["sites"]
    ]
    assert found == SITES.read_text().splitlines()


def test_that_list_has_every_token_of_the_tree() -> None:
    token = re.compile(r"\b(mem_map_(?:un)?reserve|PG_reserved|(?:Set|Clear)PageReserved)\b")
    tokens = {
        f"{path.relative_to(MINIATURE)}:{number}:{at.start() + 1} {at[1]}"
        for path in files()
        if path.suffix in {".c", ".h"}
        for number, line in enumerate(path.read_text().split("\n"), 1)
        for at in token.finditer(line)
    }
    listed = {" ".join(line.split()[:2]) for line in SITES.read_text().splitlines()}
    # What is listed beyond the tokens are calls of the macros that hide one.
    hidden = {"drivers/sound/cs_audio.c:35:3", "drivers/sound/cs_audio.c:45:3"}
    assert tokens == {line for line in listed if line.split()[0] not in hidden}
