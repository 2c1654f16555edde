"""A conflict of `patchkit apply` with a history says who changed the lines it misses."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.git import commit, git

TOP = Path(__file__).parent.parent.parent
OLD = b"int map(int a)\n{\n\tlock(a);\n\tset(a);\n\treturn 0;\n}\n"
NOW = OLD.replace(b"lock(a)", b"lock(a, 1)").replace(b"set(a)", b"set_all(a, b, c)")
LATER = NOW.replace(b"\treturn 0;\n", b"\tunlock(a);\n\treturn 0;\n")


@pytest.fixture
def linux(tmp_path: Path) -> Path:
    for tag, text in (("2.4.0", OLD), ("2.4.1", NOW), ("2.4.2", LATER)):
        commit(tmp_path / "linux", {"mm/a.c": text}, tag=tag)
    git(tmp_path / "linux", "checkout", "-q", "2.4.1")
    return tmp_path / "linux"


def apply(linux: Path, diff: bytes, *options: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "patchkit", "apply", "-", "--tree", str(linux), "--check",
         "--history", str(linux), "--history-rev", "2.4.1", *options],
        cwd=TOP, input=diff, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    return done.stdout.decode()


def test_rewritten_and_later_lines_are_told_with_their_commits(linux: Path) -> None:
    one, two = (git(linux, "rev-parse", tag) for tag in ("2.4.1", "2.4.2"))
    # Of no version: the old lock and the later unlock are never there together.
    diff = (
        b"--- a/mm/a.c\n+++ b/mm/a.c\n@@ -3,4 +3,4 @@ int map(int a)\n \tlock(a);\n"
        b"-\tset(a);\n+\tset(a, 2);\n \tunlock(a);\n \treturn 0;\n"
    )
    text = apply(linux, diff)
    assert f"      rewritten by 2.4.1, {one[:12]} (2.4.1):\n        - lock(a);\n" in text
    assert f"      not there yet; added by 2.4.2, {two[:12]} (2.4.2):\n        + unlock(a);" in text
    (file,) = json.loads(apply(linux, diff, "--format", "json"))["files"]
    first, second, third = file["hunks"][0]["causes"]
    assert (first["before"], first["after"]) == ("\tlock(a);", "\tlock(a, 1);")
    assert (second["fate"], second["release"]) == ("rewritten", "2.4.1")
    assert (third["fate"], third["commit"]) == ("later", two)
