"""Series by name: what ships, what a user keeps in a folder of his own, and what is refused."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from patchkit.errors import InputError
from patchkit.snapshots.series import find_series, known_series
from tests.support.git import commit, git

TOP = Path(__file__).parent.parent
DIFF = b"--- a/a.c\n+++ b/a.c\n@@ -1 +1 @@\n-one\n+ONE\n"
HEAD = b"From: Ben <ben@example.org>\nDate: 1 Jan 2001 00:00:00 +0000\nSubject: [PATCH] mine\n\n"
DESCRIBED = """mails = ["one.patch"]
title = "lamp: brighter"
author = "Ada <ada@example.org>"
date = 2000-10-20T11:45:11-05:00
origin = "the lamp list"
"""


def make_series(folder: Path, name: str, description: str) -> Path:
    (folder / name).mkdir(parents=True)
    (folder / name / "series.toml").write_text(description)
    (folder / name / "one.patch").write_bytes(b"")
    return folder


def test_the_founding_series_ships_with_its_mail() -> None:
    series = find_series("vm-reserved")
    assert [path.name for path in series.mails] == ["mail.txt"]
    assert b"VM_RESERVED" in series.mails[0].read_bytes()
    assert series.base == "2.4.0-test10-pre4"
    assert series.author == "Andrea Arcangeli <andrea@suse.de>"
    assert series.date is not None
    assert series.date.astimezone(UTC) == datetime(2000, 10, 20, 16, 45, 11, tzinfo=UTC)
    assert series.message_id == ""


def test_the_users_folder_is_looked_up_instead_of_ours(tmp_path: Path) -> None:
    make_series(tmp_path, "mine", 'mails = ["one.patch"]\n')
    series = find_series("mine", tmp_path)
    assert series.mails == (tmp_path / "mine" / "one.patch",)
    assert series.date is None
    with pytest.raises(InputError, match=r"known: mine$"):
        find_series("vm-reserved", tmp_path)


@pytest.mark.parametrize(
    ("mail", "committed"),
    [
        (DIFF, "Ada <ada@example.org> 2000-10-20T11:45:11-05:00 lamp: brighter"),
        (HEAD + DIFF, "Ben <ben@example.org> 2001-01-01T00:00:00+00:00 mine"),
    ],
    ids=["a bare diff", "a mail that says it itself"],
)
def test_a_commit_has_from_series_toml_what_the_mail_leaves_out(
    tmp_path: Path, mail: bytes, committed: str
) -> None:
    make_series(tmp_path / "patches", "mine", DESCRIBED)
    (tmp_path / "patches" / "mine" / "one.patch").write_bytes(mail)
    linux = tmp_path / "linux"
    commit(linux, {"a.c": b"one\n"}, tag="base")
    done = subprocess.run(
        [sys.executable, "-m", "patchkit", "apply", "mine", "--patches", tmp_path / "patches",
         "--tree", linux, "--commit"],
        cwd=TOP,
        capture_output=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    said = git(linux, "log", "-1", "--format=%an <%ae> %aI %s%n%(trailers)")
    assert said.split() == [*committed.split(), "Origin:", "the", "lamp", "list"]


@pytest.mark.parametrize("name", ["nothing", "", ".", "..", "../patches/vm-reserved", "/etc"])
def test_an_unknown_name_or_a_path_lists_the_known_ones(name: str) -> None:
    with pytest.raises(InputError, match=r"known: .*vm-reserved"):
        find_series(name)


def test_a_folder_without_series_toml_is_no_series(tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    assert known_series(tmp_path) == ()
    with pytest.raises(InputError, match="known: none"):
        find_series("notes", tmp_path)


def test_patches_that_is_no_folder_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="can't be listed: no such file"):
        find_series("mine", tmp_path / "absent")


@pytest.mark.parametrize(
    ("description", "complaint"),
    [
        ("", "mails: must be a list"),
        ("mails = []", "mails: must be a list"),
        ('mails = "one.patch"', "mails: must be a list"),
        ('mails = ["two.patch"]', "two.patch: no such file"),
        ('mails = ["../other/one.patch"]', "no such file"),
        ('mails = ["one.patch"]\nbase = 2', "base: must be a string"),
        ('mails = ["one.patch"]\nauthr = "A"', "authr: no such key"),
        ('mails = ["one.patch"]\ndate = 2000-10-20', "date: must have"),
        ('mails = ["one.patch"]\ndate = 2000-10-20T11:45:11', "date: must have"),
        ("mails = [", "series.toml: "),
    ],
)
def test_a_bad_description_names_its_key(tmp_path: Path, description: str, complaint: str) -> None:
    make_series(tmp_path, "bad", description)
    with pytest.raises(InputError, match=complaint):
        find_series("bad", tmp_path)
