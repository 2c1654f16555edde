"""``patchkit extract`` as a user runs it: streams, folders, exit codes, JSON."""

from __future__ import annotations

import io
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from patchkit.cli.extract import extract
from patchkit.errors import InputError

CASES = Path(__file__).parent.parent / "cases" / "mail"
SERIES = CASES / "a_series_in_any_order" / "mail"
DAMAGED = CASES / "a_hypermail_page_of_2002" / "mail"


def run(*arguments: str | Path, stdin: bytes = b"") -> Result:
    return CliRunner().invoke(extract, [str(one) for one in arguments], input=stdin)


def test_patches_go_to_stdout_and_the_report_to_stderr() -> None:
    done = run(SERIES)
    assert done.exit_code == 0
    assert done.stdout_bytes == (SERIES.parent / "expected.patch").read_bytes()
    assert done.stderr == (SERIES.parent / "expected.txt").read_text()


def test_a_dash_is_standard_input() -> None:
    done = run("-", stdin=SERIES.read_bytes())
    assert done.stdout_bytes == run(SERIES).stdout_bytes


def test_several_inputs_make_one_series(tmp_path: Path) -> None:
    mails = SERIES.read_bytes().split(b"From ada@example.org Mon Oct 14 12:00:00 2002\n")[1:]
    for number, mail in enumerate(mails):
        (tmp_path / str(number)).write_bytes(mail)
    done = run(*sorted(tmp_path.iterdir()))
    assert done.stdout_bytes == run(SERIES).stdout_bytes


@pytest.mark.parametrize("compress", ["gzip", "bz2", "lzma"])
def test_compressed_input_is_recognised_by_its_bytes(compress: str, tmp_path: Path) -> None:
    packed = tmp_path / "mail.txt"
    packed.write_bytes(__import__(compress).compress(SERIES.read_bytes()))
    if compress == "lzma":
        assert packed.read_bytes().startswith(b"\xfd7zXZ")
    assert run(packed).stdout_bytes == run(SERIES).stdout_bytes


def test_a_maildir_is_read_in_order_of_arrival(tmp_path: Path) -> None:
    for part in ("cur", "new", "tmp"):
        (tmp_path / part).mkdir()
    shutil.copy(CASES / "a_plain_diff" / "mail", tmp_path / "cur" / "1034589600.1.host:2,S")
    shutil.copy(CASES / "git_show" / "mail", tmp_path / "new" / "1034589601.2.host")
    (tmp_path / "tmp" / "half").write_bytes(b"From: half a mail")
    (tmp_path / "cur" / "link").symlink_to(SERIES)
    done = run(tmp_path, "--format", "json")
    assert [Path(one["source"]).name for one in json.loads(done.stdout)["patches"]] == [
        "1034589600.1.host:2,S",
        "1034589601.2.host",
    ]


def test_each_patch_gets_a_file_and_quilt_its_series(tmp_path: Path) -> None:
    done = run(SERIES, "-o", tmp_path / "new" / "out", "--quilt")
    assert done.exit_code == 0
    assert done.stdout == ""
    names = ["0001-lamp-clamp.patch", "0002-dark-clamp.patch", "0003-dimmer-clamp.patch"]
    folder = tmp_path / "new" / "out"
    assert sorted(path.name for path in folder.iterdir()) == [*names, "series"]
    assert (folder / "series").read_text().split() == names
    assert run(folder).stdout_bytes == run(SERIES).stdout_bytes


def test_a_quilt_series_that_climbs_out_of_its_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "series").write_text("../secret\n")
    done = run(tmp_path)
    assert isinstance(done.exception, InputError)
    assert "not in the folder" in str(done.exception)


def test_quilt_needs_a_folder() -> None:
    done = run(SERIES, "--quilt")
    assert done.exit_code == 2
    assert "-o" in done.stderr


@pytest.mark.parametrize(
    "subject", ["../../etc/passwd", "/etc/passwd", "..", "a/b", "-rf *", "\0", ".hidden", "a\nb"]
)
def test_no_subject_leads_out_of_the_folder(subject: str, tmp_path: Path) -> None:
    diff = (CASES / "a_plain_diff" / "mail").read_bytes()
    mail = b"From: a@b.org\nSubject: [PATCH] " + subject.encode() + b"\n\n" + diff
    (tmp_path / "mail").write_bytes(mail)
    done = run(tmp_path / "mail", "-o", tmp_path / "out")
    assert done.exit_code == 0
    (patch,) = (tmp_path / "out").iterdir()
    assert patch.name.startswith("0001-")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mail", "out"]


def document(*arguments: str | Path) -> tuple[dict[str, Any], int]:
    done = run(*arguments, "--format", "json")
    return json.loads(done.stdout), done.exit_code


def test_the_json_document_says_all_of_a_patch(tmp_path: Path) -> None:
    found, code = document(DAMAGED, "-o", tmp_path)
    assert code == 0
    assert found["schema"] == "patchkit.extract/1"
    (patch,) = found["patches"]
    assert patch["index"] == 1
    assert patch["author"] == {"name": "Ada Lamplighter", "email": "ada@example.org"}
    assert patch["date"] == "Mon, 14 Oct 2002 12:00:01 +0200"
    assert patch["subject"] == 'lamp: clamp the "level"'
    assert patch["message"] == "Userland may ask for more than the lamp can give."
    assert patch["message_id"] == "20021014120001.A1@lamp.example.org"
    assert patch["trailers"] == [
        {"key": "Signed-off-by", "value": "Ada Lamplighter <ada@example.org>"}
    ]
    assert patch["files"] == ["drivers/char/lamp.c"]
    assert {"kind": "no-break-spaces", "line": 32, "confidence": "certain"} in patch["repairs"]
    assert Path(patch["path"]).read_bytes().startswith(b"From 0000")


def test_json_without_a_folder_names_no_file() -> None:
    found, _ = document(SERIES)
    assert [patch["path"] for patch in found["patches"]] == [None] * 3


def test_strict_exits_3_after_a_repair_and_only_then() -> None:
    assert document(DAMAGED, "--strict")[1] == 3
    assert document(DAMAGED)[1] == 0
    assert document(SERIES, "--strict")[1] == 0


def test_a_hole_in_the_series_exits_4() -> None:
    found, code = document(CASES / "a_series_with_a_hole" / "mail")
    assert code == 4
    assert [note["kind"] for note in found["notes"]] == ["hole"]


def test_a_refused_patch_among_others_exits_4_and_is_named(tmp_path: Path) -> None:
    good = SERIES.read_bytes()
    bad = good.replace(b"a/drivers/char/dark.c", b"a/../../dark.c")
    (tmp_path / "mbox").write_bytes(bad)
    found, code = document(tmp_path / "mbox")
    assert code == 4
    assert len(found["patches"]) == 2
    (refused,) = found["refused"]
    assert refused["subject"] == "dark: clamp"
    assert "leaves the tree" in refused["reason"]


def test_a_file_that_is_not_there_is_an_input_error(tmp_path: Path) -> None:
    done = run(tmp_path / "nothing")
    assert isinstance(done.exception, InputError)
    assert "no such file" in str(done.exception)


def test_a_large_mbox_is_read_twice_and_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from patchkit.flows.intake import read_mail as module
    from patchkit.flows.intake.extract_mail import extract_to_stream

    monkeypatch.setattr(module, "KEEP", 10)
    stream = io.BytesIO()
    with module.read_mail([str(SERIES)]) as mailing:
        extract_to_stream(mailing, stream)
    assert stream.getvalue() == (SERIES.parent / "expected.patch").read_bytes()
