"""``patchkit apply`` from its command line: what it says, what it leaves behind."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).parent.parent
LINES = b"one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\n"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    folder = tmp_path / "linux"
    folder.mkdir()
    (folder / "a.c").write_bytes(LINES)
    return folder


def mail(subject: str, old: str, new: str) -> bytes:
    """A mail of a series on LINES, with a change of one line of a.c."""
    at = LINES.decode().split().index(old) + 1
    return f"""From ada@example.org Mon Oct 14 12:00:00 2002
From: Ada Lamplighter <ada@example.org>
Date: Mon, 14 Oct 2002 12:00:00 +0200
Message-ID: <{new}@example.org>
Subject: [{subject}] lamp: {old}

--- a/a.c
+++ b/a.c
@@ -{at} +{at} @@
-{old}
+{new}

""".encode()


def apply(tree: Path, *arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", "patchkit", "apply", *arguments, "--tree", str(tree)],
        cwd=TOP,
        input=stdin,
        capture_output=True,
        check=False,
    )
    return subprocess.CompletedProcess(
        done.args, done.returncode, done.stdout.decode(), done.stderr.decode()
    )


HOLED = mail("PATCH 1/3", "one", "ONE") + mail("PATCH 3/3", "three", "THREE")
WHOLE = mail("PATCH 1/2", "one", "ONE") + mail("PATCH 2/2", "two", "TWO")


def test_a_patch_missing_from_the_series_is_named_and_exit_4(tree: Path) -> None:
    done = apply(tree, "-", stdin=HOLED)
    assert done.returncode == 4
    assert done.stderr == "hole: 2/3 of “lamp: one” missing\n"
    assert (tree / "a.c").read_bytes() == LINES.replace(b"one", b"ONE").replace(b"three", b"THREE")


def test_a_conflict_counts_more_than_a_hole(tree: Path) -> None:
    (tree / "a.c").write_bytes(LINES.replace(b"three", b"3"))
    assert apply(tree, "-", stdin=HOLED).returncode == 1


def test_a_whole_series_has_no_notes(tree: Path) -> None:
    done = apply(tree, "-", stdin=WHOLE)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_version_that_gives_way_is_named(tree: Path) -> None:
    both = mail("PATCH", "one", "uno") + mail("PATCH v2", "one", "ONE")
    done = apply(tree, "-", stdin=both)
    assert (done.returncode, done.stderr) == (
        0,
        "superseded: v1 of “lamp: one” gives way to v2\n",
    )


def test_a_mail_given_twice_is_named(tree: Path, tmp_path: Path) -> None:
    given = tmp_path / "mail"
    given.write_bytes(mail("PATCH", "one", "ONE"))
    done = apply(tree, str(given), str(given))
    assert (done.returncode, done.stderr) == (
        0,
        "duplicate: “lamp: one” is there twice; taken once\n",
    )


def test_json_has_the_notes_and_standard_error_is_empty(tree: Path) -> None:
    done = apply(tree, "-", "--format", "json", stdin=HOLED)
    assert (done.returncode, done.stderr) == (4, "")
    assert json.loads(done.stdout)["notes"] == [
        {"kind": "hole", "text": "2/3 of “lamp: one” missing"}
    ]


CONFLICT = mail("PATCH", "one", "ONE").replace(b"-one", b"-eins")


def test_partial_writes_the_refused_hunk_beside_its_file_and_again(tree: Path) -> None:
    for _ in range(2):
        assert apply(tree, "-", "--partial", stdin=CONFLICT).returncode == 1
        assert b"\n-eins\n+ONE\n" in (tree / "a.c.rej").read_bytes()


def test_partial_leaves_the_users_own_rej_file(tree: Path) -> None:
    (tree / "a.c.rej").write_bytes(b"mine\n")
    done = apply(tree, "-", "--partial", stdin=CONFLICT)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("patchkit: a.c.rej: is there already; ")
    assert (tree / "a.c.rej").read_bytes() == b"mine\n"
