"""The golden mails, broken in every way that Hypothesis thinks of."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.carried import CORPUS, carry

TOKENS = (
    b"\n",
    b"\r\n",
    b"\0",
    b"\xa0",
    b"\xc2\xa0",
    b"=\n",
    b"=3D",
    b"&lt;",
    b"&nbsp;",
    b"> ",
    b"-- \n",
    b"@@ -1,3 +1,4 @@\n",
    b"@@ -0,0 +1 @@\n",
    b"--- a/x\n+++ b/x\n",
    b"--- /dev/null\n",
    b"\t",
    b" ",
    b"diff --git a/x b/y\n",
    b"rename from x\nrename to y\n",
    b"new file mode 120000\n",
    b"+\n",
    b"deleted file mode 100644\n",
    b"\\ No newline at end of file\n",
    b"../",
    b"/etc/passwd",
    b"\x1b[2J",
    b"From a Mon Oct 14 12:00:00 2002\n",
    b"Content-Type: multipart/mixed; boundary=b\n",
    b"\n--b\n",
    b"Content-Transfer-Encoding: base64\n",
    b"Subject: [PATCH v2 2/3] x\n",
    b"<pre>",
    b"<!--",
    b"-->",
    b"=?utf-8?q?=E4?=",
    b"***************\n*** 1,2 ****\n",
    b"--- 1,2 ----\n",
    b"99999999999999999999",
    b"begin 644 x\n",
    b"-----BEGIN PGP SIGNED MESSAGE-----\n\n",
    b"# HG changeset patch\n",
    b"\xff\xfe",
)
Edit = Callable[[bytes], bytes]


@st.composite
def edits(draw: st.DrawFn) -> Edit:
    """Something that a mailer, a person or an attacker does to a few bytes."""
    at = draw(st.floats(0, 1, exclude_max=True))
    length = draw(st.integers(0, 120))
    token = draw(st.sampled_from(TOKENS))
    kind = draw(st.sampled_from(("insert", "delete", "repeat", "replace", "cut", "drop a line")))

    def edit(mail: bytes) -> bytes:
        start = int(at * len(mail))
        piece = mail[start : start + length]
        match kind:
            case "insert":
                return mail[:start] + token + mail[start:]
            case "delete":
                return mail[:start] + mail[start + length :]
            case "repeat":
                return mail[:start] + piece * 5 + mail[start:]
            case "replace":
                return mail[:start] + token + mail[start + length :]
            case "cut":
                return mail[: max(start, 1)]
            case _:
                lines = mail.split(b"\n")
                del lines[int(at * len(lines))]
                return b"\n".join(lines)

    return edit


@pytest.mark.parametrize("path", CORPUS[::3], ids=lambda path: path.parent.name)
@settings(max_examples=12, deadline=5000, suppress_health_check=list(HealthCheck))
@given(st.lists(edits(), min_size=1, max_size=4))
def test_a_broken_mail_is_carried_or_refused(path, damage) -> None:  # type: ignore[no-untyped-def]
    mail = path.read_bytes()
    for edit in damage:
        mail = edit(mail)
    carry(mail)


@settings(max_examples=60, deadline=5000)
@given(st.lists(st.sampled_from(TOKENS), max_size=30).map(b"".join))
def test_tokens_alone_are_carried_or_refused(mail: bytes) -> None:
    carry(mail)


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.parent.name)
def test_every_golden_mail_is_carried(path) -> None:  # type: ignore[no-untyped-def]
    carry(path.read_bytes())
