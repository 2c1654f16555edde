"""Ten patches onto Debian's linux-source-6.1: our own changes, made by this test out of the tree
itself against drifted copies of its files, and the one thing that must become of each."""

from __future__ import annotations

import difflib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
NAMED = os.environ.get("PATCHKIT_LINUX_SOURCE")
SOURCE = Path(NAMED) if NAMED else ROOT / "build" / "linux-source-6.1"
pytestmark = pytest.mark.skipif(
    not (SOURCE / "Makefile").is_file(),
    reason="no linux-source-6.1: unpack it to build/, or name it in PATCHKIT_LINUX_SOURCE",
)
FILE = "lib/string_helpers.c"
FUNCTION = b"string_get_size"
HEAD = b"From: Ada <ada@example.org>\nSubject: [PATCH] lib: lamp\n\n"


@pytest.fixture
def linux(tmp_path: Path) -> Path:
    """The part of the tree that is at stake: the libraries and what they include."""
    tree = tmp_path / "linux"
    for folder in ("lib", "include", "arch/x86/include"):
        shutil.copytree(SOURCE / folder, tree / folder, symlinks=True)
    shutil.copy(SOURCE / "Makefile", tree / "Makefile")
    return tree


class Done(NamedTuple):
    """What ``patchkit apply`` said: its exit status, and of the only file what became of it, how
    its hunks landed, and why they did not."""

    status: int
    outcome: str
    how: tuple[str, ...]
    reasons: tuple[str, ...]


def apply(linux: Path, mail: bytes, *options: str) -> Done:
    done = subprocess.run(
        [sys.executable, "-m", "patchkit", "apply", "-", "--tree", str(linux), "--format", "json",
         *options],
        input=mail,
        cwd=ROOT,
        capture_output=True,
        check=False,
    )  # fmt: skip
    assert done.stderr == b"", done.stderr.decode()
    (file,) = json.loads(done.stdout)["files"]
    hunks = file["hunks"]
    how = tuple(hunk["how"] for hunk in hunks if hunk["how"])
    reasons = tuple(hunk["reason"] for hunk in hunks if hunk["reason"])
    return Done(done.returncode, file["outcome"], how, reasons)


def diff(old: bytes, new: bytes) -> bytes:
    rows = difflib.diff_bytes(
        difflib.unified_diff,
        old.splitlines(keepends=True),
        new.splitlines(keepends=True),
        f"a/{FILE}".encode(),
        f"b/{FILE}".encode(),
    )
    return b"".join(rows)


def body(data: bytes) -> re.Match[bytes]:
    """The function's text, from its name's line to its closing bracket."""
    found = re.search(rb"^[a-z][^\n;]*\b%s\([^;]*?\n\{\n.*?^\}\n" % FUNCTION, data, re.M | re.S)
    assert found
    return found


def replaced(data: bytes, old: bytes, new: bytes) -> bytes:
    assert data.count(old) == 1
    return data.replace(old, new)


def brighter(data: bytes) -> bytes:
    """*data* with one more statement at the end of the function."""
    at = body(data).end() - 2
    return data[:at] + b"\tbarrier();\n" + data[at:]


def brightest(data: bytes) -> bytes:
    """*data* with another in the middle of it too."""
    return replaced(
        brighter(data), b"\tsize *= blk_size;\n", b"\tsize *= blk_size;\n\tbarrier();\n"
    )


def drifted(data: bytes) -> bytes:
    """*data* as it might have been before: the function's last call had one more argument."""
    found = body(data)
    lines = found[0].split(b"\n")
    lines[-4] = lines[-4].replace(b"(", b"(lamp, ", 1)
    return data[: found.start()] + b"\n".join(lines) + data[found.end() :]


def files(linux: Path) -> dict[str, bytes]:
    found = (path for path in sorted((linux / "lib").rglob("*")) if path.is_file())
    return {str(path.relative_to(linux)): path.read_bytes() for path in found}


def test_already_there(linux: Path) -> None:
    old = (linux / FILE).read_bytes()
    (linux / FILE).write_bytes(brighter(old))
    before = files(linux)
    assert apply(linux, HEAD + diff(old, brighter(old))) == (0, "already", ("exact",), ())
    assert files(linux) == before


def test_taken_back(linux: Path) -> None:
    old = (linux / FILE).read_bytes()
    (linux / FILE).write_bytes(brighter(old))
    done = apply(linux, HEAD + diff(old, brighter(old)), "--reverse")
    assert done == (0, "applied", ("exact",), ())
    assert (linux / FILE).read_bytes() == old


def test_drifted_context_is_adapted(linux: Path) -> None:
    before = files(linux)
    old = before[FILE]
    mail = HEAD + diff(drifted(old), brighter(drifted(old)))
    assert apply(linux, mail, "--exact-only").status == 1
    assert files(linux) == before
    assert apply(linux, mail) == (0, "applied", ("drift",), ())
    assert files(linux) == {**before, FILE: brighter(old)}


def test_a_function_that_moved_within_its_file(linux: Path) -> None:
    old = (linux / FILE).read_bytes()
    found = body(old)
    moved = old[: found.start()] + old[found.end() :] + b"\n" + found[0]
    (linux / FILE).write_bytes(moved)
    assert apply(linux, HEAD + diff(old, brighter(old))) == (0, "applied", ("drift",), ())
    assert (linux / FILE).read_bytes() == brighter(moved)


@pytest.mark.parametrize("new", ["lib/lamp/string_helpers.c", "lib/lamp.c"],
                         ids=["another folder", "another name"])  # fmt: skip
def test_a_file_that_moved(linux: Path, new: str) -> None:
    old = (linux / FILE).read_bytes()
    (linux / new).parent.mkdir(exist_ok=True)
    (linux / FILE).rename(linux / new)
    before = files(linux)
    done = apply(linux, HEAD + diff(old, brightest(old)))
    assert done == (0, "applied", ("exact", "exact"), ())
    assert files(linux) == {**before, new: brightest(old)}


def test_a_file_of_another_name_needs_more_lines_than_one_short_hunk_has(linux: Path) -> None:
    old = (linux / FILE).read_bytes()
    (linux / FILE).rename(linux / "lib/lamp.c")
    before = files(linux)
    done = apply(linux, HEAD + diff(old, brighter(old)))
    assert done == (1, "missing", (), ("the tree has no such file",))
    assert files(linux) == before


def test_twins_are_a_conflict(linux: Path) -> None:
    old = (linux / FILE).read_bytes()
    found = body(old)
    twin = old[found.start() : old.index(b"\n\n", found.end()) + 2]
    (linux / FILE).write_bytes(replaced(old, twin, 2 * (b"\n" * 40 + twin)))
    before = files(linux)
    done = apply(linux, HEAD + diff(old, brighter(old)))
    assert (done.status, done.outcome) == (1, "conflict")
    assert "fits in several places" in done.reasons[0]
    assert files(linux) == before


def test_a_symbol_that_was_renamed_is_a_conflict(linux: Path) -> None:
    """All but one word of the context stands, and that word is what the added line uses."""
    before = files(linux)
    then = before[FILE].replace(b"remainder", b"lamp_rest")
    last = b"\t\ttmp[j+1] = '\\0';\n"
    done = apply(linux, HEAD + diff(then, replaced(then, last, last + b"\t\tlamp_rest = 0;\n")))
    reason = "it uses lamp_rest, which the file and its headers do not have"
    assert done == (1, "conflict", (), (reason,))
    assert files(linux) == before


def test_damaged_as_mail(linux: Path) -> None:
    """No charset is named, and every tab is a run of no-break spaces and a blank."""
    before = files(linux)
    old = before[FILE]
    mail = HEAD + diff(old, brighter(old)).replace(b"\t", b"\xc2\xa0" * 7 + b" ")
    assert apply(linux, mail) == (0, "applied", ("whitespace",), ())
    assert files(linux) == {**before, FILE: brighter(old)}


def test_a_prerequisite_is_missing(linux: Path) -> None:
    """The patch changes a line that an earlier one, which is not there, had added."""
    before = files(linux)
    first = brighter(before[FILE])
    done = apply(linux, HEAD + diff(first, replaced(first, b"\tbarrier();\n", b"\tcpu_relax();\n")))
    assert (done.status, done.outcome) == (1, "conflict")
    assert "the lines that it removes are not there" in done.reasons[0]
    assert files(linux) == before
