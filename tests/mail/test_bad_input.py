"""Hostile and broken input: one line on stderr and exit 2, or the right patch; never a traceback,
never long. The sizes are a tenth of what was tried by hand, to keep the suite quick."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from pathlib import Path

import pytest

CASES = Path(__file__).parent.parent / "cases" / "mail"
DIFF = (CASES / "a_plain_diff" / "mail").read_bytes()
HEAD = b"From: Ada <ada@example.org>\nSubject: [PATCH] lamp\n"
MIME = HEAD + b"MIME-Version: 1.0\n"
POSTMARK = b"From ada@example.org Mon Oct 14 12:00:00 2002\n"
LONG = 10 << 20


def nested(kind: bytes) -> bytes:
    levels = b"".join(kind % {b"n": n} for n in range(1000))
    return MIME + levels + b"Content-Type: text/plain\n\n" + DIFF


REFUSED = {
    "empty": (b"", "empty"),
    "blank": (b"\n \n", "empty"),
    "binary": (bytes(range(256)) * 50, "binary"),
    "zip": (b"PK\x03\x04" + bytes(100), "archive"),
    "no_diff": (HEAD + b"\nHello.\n", "no diff"),
    "hunk_without_a_file": (HEAD + b"\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n", "name its file"),
    "normal_diff": (HEAD + b"\ndiff a/f b/f\n2c2\n< b\n---\n> d\n", "without context"),
    "ed_script": (HEAD + b"\ndiff -e a/f b/f\n2,3c\nd\n.\n", "an ed script"),
    "context_diff_that_contradicts_itself": (
        b"*** a/f\n--- b/f\n***************\n*** 1,2 ****\n! a\n  b\n--- 1,2 ----\n! c\n  x\n",
        "do not fit",
    ),
    "truncated_gzip": (gzip.compress(DIFF)[:-9], "ends early"),
    "damaged_gzip": (gzip.compress(DIFF)[:40] + b"x" * 40, "damaged"),
    "nested_multiparts": (
        nested(b'Content-Type: multipart/mixed; boundary="b%(n)d"\n\n--b%(n)d\n'),
        "more than 100",
    ),
    "nested_mails": (nested(b"Content-Type: message/rfc822\n\n"), "more than 100"),
    "a_million_hunks": (
        b"--- a/f\n+++ b/f\n" + b"@@ -1 +1 @@\n-a\n+b\n" * 1_000_000,
        "more than 100,000 hunks",
    ),
    "a_hunk_without_end": (
        b"--- a/f\n+++ b/f\n@@ -1,999999999 +1,999999999 @@\n" + b" a\n" * 100_000,
        "too long to be mended",
    ),
    "a_page_of_10_mb": (b"<html><pre>" + b"x" * LONG, "HTML page of more than"),
    "parameters": (MIME + b"Content-Type: text/plain" + b"; a=b" * 9999 + b"\n\n" + DIFF, "16 kB"),
    "climbing_path": (DIFF.replace(b"/drivers", b"/../.."), "leaves the tree"),
    "absolute_path": (DIFF.replace(b"a/drivers", b"/etc").replace(b"b/d", b"/d"), "absolute"),
    "path_with_escape": (DIFF.replace(b"lamp.c", b"la\x1b[2Jmp.c"), "control characters"),
    "path_with_newline": (
        DIFF.replace(b"a/drivers/char/lamp.c", b'"a/drivers/la\\nmp.c"').replace(
            b"b/drivers/char/lamp.c", b'"b/drivers/la\\nmp.c"'
        ),
        "control characters",
    ),
}

TAKEN = {
    "a_long_line_below": DIFF + b"x" * LONG,
    "a_long_line_above": b"-" * LONG + b"\n" + DIFF,
    "a_long_field": HEAD + b"X-Long: " + b"y" * LONG + b"\n\n" + DIFF,
    "a_long_postmark": b"From " + b"Mon " * LONG + b"\n" + HEAD + b"\n" + DIFF,
    "a_long_subject": b"From: a@b\nSubject: " + b"=?utf-8?q?" * 99999 + b"\n\n" + DIFF,
    "brackets": b"From: " + b"<(" * 9999 + b"\nSubject: " + b"[" * 9999 + b"\n\n" + DIFF,
    "nul_in_prose": HEAD + b"\nHi\0\n" + DIFF,
    "never_closed": MIME + b'Content-Type: multipart/mixed; boundary="b"\n\n--b\n\n' + DIFF,
    "never_opened": MIME + b'Content-Type: multipart/mixed; boundary="b"\n\n' + DIFF,
    "no_boundary": MIME + b"Content-Type: multipart/mixed\n\n" + DIFF,
    "many_parts": MIME
    + b'Content-Type: multipart/mixed; boundary="b"\n\n'
    + b"--b\n\nx\n" * 30000
    + b"--b\n\n"
    + DIFF,
    "no_such_charset": MIME + b'Content-Type: text/plain; charset="no\0such"\n\nh\xe9\n' + DIFF,
    "a_codec_that_is_no_charset": MIME + b"Content-Type: text/plain; charset=hex\n\n\xe9\n" + DIFF,
    "flowing_on": MIME
    + b"Content-Type: text/plain; format=flowed\n\n"
    + DIFF
    + (b"x" * 70 + b" \n") * 100_000,
}


def extract(mail: bytes, folder: Path) -> subprocess.CompletedProcess[bytes]:
    (folder / "mail").write_bytes(mail)
    return subprocess.run(
        [sys.executable, "-m", "patchkit", "extract", "mail", "-o", "out"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize("name", REFUSED)
def test_bad_input_is_refused_in_one_line(name: str, tmp_path: Path) -> None:
    mail, reason = REFUSED[name]
    done = extract(mail, tmp_path)
    assert done.returncode == 2
    assert done.stdout == b""
    (line,) = done.stderr.decode().splitlines()
    assert reason in line
    assert line.startswith("patchkit: mail")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mail"]


@pytest.mark.parametrize("name", TAKEN)
def test_odd_input_still_gives_its_patch(name: str, tmp_path: Path) -> None:
    done = extract(TAKEN[name], tmp_path)
    assert done.returncode == 0, done.stderr.decode()
    (patch,) = (tmp_path / "out").iterdir()
    assert b"+	lamp->level = clamp_level(level);\n" in patch.read_bytes()


def test_a_bomb_is_refused_before_it_fills_the_disk() -> None:
    from patchkit.errors import InputError
    from patchkit.mail.inflate import inflate

    bomb = gzip.compress(bytes(8 << 20))
    with pytest.raises(InputError, match="holds more than 1 MB"):
        list(inflate([bomb], "bomb.gz", most=1 << 20))


def test_what_a_terminal_would_obey_is_not_shown(tmp_path: Path) -> None:
    mail = (
        b"From: \x1b[31mEve <e@x.org>\nSubject: [PATCH] \x1b]0;owned\x07 \x9b2J\n\n\x1b[2J\n" + DIFF
    )
    done = extract(mail, tmp_path)
    assert done.returncode == 0
    assert b"\x1b" not in done.stderr
    (patch,) = (tmp_path / "out").iterdir()
    assert patch.name == "0001-0-owned-2J.patch"
    assert b"\x1b" not in patch.read_bytes()


def test_an_mbox_that_grows_is_read_to_where_it_ended(tmp_path: Path) -> None:
    from patchkit.mail.mbox import split_mbox

    mail = POSTMARK + HEAD + b"\n" + DIFF + b"\n"
    path = tmp_path / "mbox"
    path.write_bytes(mail * 2)
    with path.open("rb") as stream, path.open("ab") as writer:
        found = 0
        for _ in split_mbox(stream, "mbox", size=2 * len(mail)):
            writer.write(mail * 2)
            writer.flush()
            found += 1
    assert found == 2
