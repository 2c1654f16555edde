"""Subjects as they were written from 1999 on."""

from __future__ import annotations

import pytest

from patchkit.mail.message import Number
from patchkit.mail.subject import parse_subject

ALONE = Number()


@pytest.mark.parametrize(
    ("subject", "text", "number"),
    [
        ("[PATCH v3 2/7] mm: free pages", "mm: free pages", Number(3, 2, 7)),
        ("[PATCH 2/7 v3 RFC] mm: free pages", "mm: free pages", Number(3, 2, 7)),
        ("[RFC][PATCH 02/17] mm: free pages", "mm: free pages", Number(1, 2, 17)),
        ("[PATCH] [2/3] mm: free pages", "mm: free pages", Number(1, 2, 3)),
        ("[PATCH] mm: free pages (2/3)", "mm: free pages", Number(1, 2, 3)),
        ("[PATCH] mm: free pages [2/3]", "mm: free pages", Number(1, 2, 3)),
        ("[PATCH] 2/3: free pages", "free pages", Number(1, 2, 3)),
        ("[PATCH] (2/3) free pages", "free pages", Number(1, 2, 3)),
        ("[patch 04/41] free pages", "free pages", Number(1, 4, 41)),
        ("[PATCH 1 of 2] free pages", "free pages", Number(1, 1, 2)),
        ("[2.6 patch] free pages", "free pages", ALONE),
        ("[PATCH 2.5.44] free pages", "free pages", ALONE),
        ("[PATCH][2.4.20-pre5] free pages", "free pages", ALONE),
        ("PATCH: free pages", "free pages", ALONE),
        ("Patch - free pages", "free pages", ALONE),
        ("PATCH 2/3: free pages", "free pages", Number(1, 2, 3)),
        ("[linux-usb-devel] [PATCH] USB: fix", "USB: fix", ALONE),
        ("[PATCH 0/5] a cover letter", "a cover letter", Number(1, 0, 5)),
        ("[PATCH]", "[PATCH]", ALONE),
        ("free pages", "free pages", ALONE),
        ("", "", ALONE),
    ],
)
def test_a_subject_comes_apart(subject: str, text: str, number: Number) -> None:
    parsed = parse_subject(subject)
    assert (parsed.text, parsed.number, parsed.is_reply) == (text, number, False)


@pytest.mark.parametrize(
    "subject", ["Re: [PATCH 2/3] mm: fix", "RE: Re: [PATCH 2/3] mm: fix", "AW: [PATCH 2/3] mm: fix"]
)
def test_a_reply_is_told_from_what_it_answers(subject: str) -> None:
    parsed = parse_subject(subject)
    assert parsed.is_reply
    assert (parsed.text, parsed.number) == ("mm: fix", Number(1, 2, 3))


@pytest.mark.parametrize(
    "subject",
    [
        "VM_RESERVED [was Re: mapping user space buffer]",
        "2/3 of the tests fail",
        "support 24/7 operation",
        "fix the PATCH: header",
    ],
)
def test_what_only_looks_like_a_prefix_stays(subject: str) -> None:
    parsed = parse_subject(subject)
    assert parsed.text == subject
    assert (parsed.number, parsed.is_reply) == (ALONE, False)


def test_a_forward_is_no_reply() -> None:
    assert not parse_subject("Fwd: [PATCH] mm: fix").is_reply


def test_what_a_terminal_would_obey_becomes_a_blank() -> None:
    assert parse_subject("a\x1b[31m\nb\x9bc").text == "a [31m b c"
