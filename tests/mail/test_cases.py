"""Golden mails: tests/cases/mail/CASE/ holds ``mail`` as received, ``expected.patch`` (what
``patchkit extract`` writes to stdout) and ``expected.txt`` (what it reports). A new case needs
no code."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from patchkit.flows.intake.extract_mail import extract_to_stream
from patchkit.flows.intake.read_mail import read_mail
from patchkit.report.extract_text import extract_text

CASES = Path(__file__).parent.parent / "cases" / "mail"


def extracted(*names: str) -> tuple[bytes, str]:
    stream = io.BytesIO()
    with read_mail(names) as mailing:
        report = extract_to_stream(mailing, stream)
    return stream.getvalue(), extract_text(report)


@pytest.mark.parametrize("case", sorted(CASES.iterdir()), ids=lambda case: case.name)
def test_mail_gives_its_patches(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(case)
    patches, report = extracted("mail")
    assert patches == (case / "expected.patch").read_bytes()
    assert report == (case / "expected.txt").read_text()


@pytest.mark.parametrize("case", sorted(CASES.iterdir()), ids=lambda case: case.name)
def test_what_is_extracted_needs_no_repair_and_stays(case: Path, tmp_path: Path) -> None:
    text = (case / "expected.patch").read_bytes()
    assert extracted(str(case / "expected.patch"))[0] == text
