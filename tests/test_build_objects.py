"""How many objects a build was to make, and which are not there: on a tree of four, by make."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

# Like 2.4: a folder's own objects come behind its sub-folders, and -k does not help there.
MAKEFILE = """\
oldconfig:
\tcat .config >/dev/null
dep include/linux/version.h include/config/MARKER:
\ttrue
bzImage: init/main.o lamps
\tfalse
lamps:
\t$(MAKE) -C lamps
init/main.o: init/main.c
\t$(CC) -c -o init/main.o init/main.c
.PHONY: lamps dep include/linux/version.h include/config/MARKER
"""
LAMPS = """\
first: below
\t$(MAKE) oil.o
below:
\t$(MAKE) -C below wick.o
oil.o: oil.c
\t$(CC) -c -o oil.o oil.c
.PHONY: below
"""
BELOW = "wick.o: wick.c\n\t$(CC) -c -o wick.o wick.c\n"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    missing = [name for name in ("make", "gcc", "gzip") if shutil.which(name) is None]
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")
    files = {
        "Makefile": MAKEFILE, "Rules.make": "# 2.4\n", "lamps/Makefile": LAMPS,
        "lamps/below/Makefile": BELOW, "init/main.c": "int a;\n", "lamps/oil.c": "int b;\n",
        "lamps/below/wick.c": "int c;\nint d = nowhere;\n",
    }  # fmt: skip
    for name, text in files.items():
        place = tmp_path / "linux" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    return tmp_path / "linux"


def build(tree: Path, *more: str) -> tuple[subprocess.CompletedProcess[str], dict[str, Any]]:
    output = tree.parent / "out"
    done = subprocess.run(
        [sys.executable, "-m", "patchkit", "build", "--tree", str(tree), "--no-container",
         "-o", str(output), "--config", "tiny", *more],
        capture_output=True, text=True, check=False, cwd=Path(__file__).parent.parent,
    )  # fmt: skip
    return done, json.loads((output / "metadata.json").read_text())


def test_keep_going_makes_what_make_itself_leaves_out_and_names_the_rest(tree: Path) -> None:
    done, document = build(tree, "--keep-going")
    assert done.returncode == 10
    assert document["objects"] == [2, 3]
    (wick,) = document["not_made"]
    assert wick["name"] == "lamps/below/wick.o"
    assert wick["cause"].startswith("lamps/below/wick.c:2: 'nowhere' undeclared")
    assert "objects: 2 of 3 made; not made:\n    lamps/below/wick.o: lamps/below" in done.stdout


def test_without_it_what_was_never_tried_is_not_listed(tree: Path) -> None:
    done, document = build(tree)
    assert done.returncode == 10
    assert document["objects"][1] == 3
    assert [one["name"] for one in document["not_made"]] == ["lamps/below/wick.o"]


def test_an_object_of_an_earlier_build_does_not_count_for_one_that_fails(tree: Path) -> None:
    good = "int c;\n"
    wick = tree / "lamps/below/wick.c"
    bad = wick.read_text()
    wick.write_text(good)
    assert build(tree, "--keep-going")[1]["objects"] == [3, 3]
    wick.write_text(bad)
    _, document = build(tree, "--keep-going")
    assert document["objects"] == [2, 3]
    assert [one["name"] for one in document["not_made"]] == ["lamps/below/wick.o"]


def test_single_objects_are_counted_too(tree: Path) -> None:
    names = ("lamps/below/wick.o", "init/main.o", "lamps/oil.o")
    _, document = build(tree, "--keep-going", *(f"--objects={name}" for name in names))
    assert document["objects"] == [2, 3]
    assert [one["name"] for one in document["not_made"]] == ["lamps/below/wick.o"]
