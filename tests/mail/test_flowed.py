"""format=flowed: what a correct mailer does is undone, and what is no flow stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patchkit.mail.flowed import unflow

WORDS = st.text(alphabet="abc(){};->*", min_size=1, max_size=12).map(str.encode)
LINES = st.lists(WORDS, min_size=1, max_size=30).map(b" ".join)


def flowed(lines: list[bytes], *, delsp: bool) -> bytes:
    """What RFC 3676 section 4.2 tells a generator to do, at its recommended width."""
    out = []
    for line in lines:
        rest = line
        while len(rest) > 72 and b" " in rest[20:72]:
            cut = rest.rindex(b" ", 20, 72)
            out.append(rest[: cut + 1] + (b" " if delsp else b""))
            rest = rest[cut + 1 :]
        out.append(rest)
    return b"\n".join(b" " + one if one.startswith((b" ", b">", b"From ")) else one for one in out)


# A word that begins like a diff's line can't be told from one; long words leave short lines.
CALM = LINES.filter(lambda line: not any(w.startswith(b"-") for w in line.split(b" ")))


@given(st.lists(CALM, max_size=8), st.booleans())
def test_flowing_is_undone(lines: list[bytes], delsp: bool) -> None:
    assert unflow(flowed(lines, delsp=delsp), delsp=delsp) == b"\n".join(lines)


@pytest.mark.parametrize(
    "text",
    [
        b"@@ -1,2 +1,2 @@\n context \n-old \n+new \n",
        b"@@ -1,2 +1,2 @@\n \n+int a;\n \tint b;\n",
        b"-- \nAda\n",
        b"short \nlines \n",
    ],
)
def test_a_trailing_blank_is_no_soft_break(text: bytes) -> None:
    assert unflow(text) == text


def test_quoted_lines_flow_among_their_own_depth() -> None:
    long = b"> " + b"word " * 13 + b"\n> word\n>> other\n"
    assert unflow(long) == b"> " + b"word " * 13 + b"word\n>> other\n"
