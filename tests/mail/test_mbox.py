"""Mboxes: what goes in, in any dialect, comes out."""

from __future__ import annotations

import io
import re

from hypothesis import given
from hypothesis import strategies as st

from patchkit.mail import mbox
from patchkit.mail.mbox import enclosed, split_mbox

POSTMARK = b"From ada@example.org Mon Oct 14 12:00:00 2002\n"
LINES = st.sampled_from(
    [b"text", b"", b"From here", b">From here", b">>From here", b"> From here", b"From: me", b"+x"]
)
MAILS = st.lists(st.lists(LINES, max_size=12), min_size=1, max_size=5)


def mail(lines: list[bytes]) -> bytes:
    return b"Subject: a\nFrom: b\n\n" + b"".join(line + b"\n" for line in lines)


def split(text: bytes) -> list[bytes]:
    return [one.raw for one in split_mbox(io.BytesIO(text), "mbox")]


@given(MAILS)
def test_mboxrd_gives_back_every_mail(bodies: list[list[bytes]]) -> None:
    mails = [mail(lines) for lines in bodies]
    text = b"".join(
        POSTMARK + re.sub(rb"^(>*From )", rb">\1", one, flags=re.M) + b"\n" for one in mails
    )
    assert split(text) == [one + b"\n" for one in mails]


@given(MAILS)
def test_mboxcl2_gives_back_every_mail(bodies: list[list[bytes]]) -> None:
    mails = []
    for lines in bodies:
        postmark_within = [POSTMARK[:-1], *lines]  # which no other dialect would survive
        one = mail(postmark_within)
        body = one.partition(b"\n\n")[2]
        mails.append(one.replace(b"\n\n", b"\nContent-Length: %d\n\n" % len(body), 1))
    text = b"".join(POSTMARK + one + b"\n" for one in mails)
    assert [one.rstrip(b"\n") for one in split(text)] == [one.rstrip(b"\n") for one in mails]


@given(MAILS, st.integers(1, 200))
def test_the_size_of_a_chunk_makes_no_difference(bodies: list[list[bytes]], size: int) -> None:
    text = b"".join(POSTMARK + mail(lines) + b"\n" for lines in bodies)
    whole = split(text)
    before = mbox.CHUNK
    try:
        mbox.CHUNK = size
        assert split(text) == whole
    finally:
        mbox.CHUNK = before


@given(MAILS)
def test_a_mail_can_be_found_again_by_its_place(bodies: list[list[bytes]]) -> None:
    text = b"".join(POSTMARK + mail(lines) + b"\n" for lines in bodies)
    lines = text.split(b"\n")
    for one in split_mbox(io.BytesIO(text), "mbox"):
        assert enclosed(text[one.offset : one.offset + one.length]) == one.raw
        assert lines[one.line - 2] == POSTMARK[:-1]
