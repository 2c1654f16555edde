"""The fields above a mail's text, decoded for people."""

from __future__ import annotations

import re
from collections.abc import Mapping
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message as Mime
from typing import NamedTuple

from patchkit.mail.charset import for_people
from patchkit.mail.message import Number
from patchkit.mail.person import parse_person, plain_address
from patchkit.mail.subject import parse_subject, printable
from patchkit.patch.model import Head

# RFC 2047 asks for a word of its own; Outlook and others wrote encoded words within quotes.
ENCODED = re.compile(r"=\?[^?\s]{1,40}\?[bBqQ]\?[^?]*\?=")
IDENTITY = re.compile(r"<([^<>\s]+)>")
# More than a person reads; a field of megabytes is an attack.
LONGEST = 4000
# DEP-3 fields in the head of a quilt patch that is in a mail's form.
DEP_3 = {"origin": "Origin", "bug": "Bug", "forwarded": "Forwarded"}
USED = frozenset(("from", "subject", "date", "message-id", "references", "in-reply-to", *DEP_3))


class Envelope(NamedTuple):
    """What a mail's head says: of the patch, and of its place among others."""

    head: Head
    number: Number
    is_reply: bool
    thread: str


def fields(mail: Mime) -> dict[str, str]:
    """The fields of *mail* that an envelope is made of, by their names in lower case, their encoded
    words decoded as well as they can be; of several with one name the first."""
    found: dict[str, str] = {}
    for name, value in mail.raw_items():
        if (key := name.lower()) in USED and key not in found:
            found[key] = decoded_words(value[:LONGEST])
    return found


def decoded_words(text: str) -> str:
    """*text* with its RFC 2047 words decoded; a word in an unknown charset or with broken base64
    is left as it stands."""
    if not text.isascii():  # raw bytes, which email marks by surrogates
        text = for_people(text.encode("utf-8", "surrogateescape"))
    if "=?" not in text:
        return text
    # White space between two encoded words belongs to neither.
    text = re.sub(r"(\?=)\s+(?==\?)", r"\1", text)
    return ENCODED.sub(_decoded_word, text)


def _decoded_word(match: re.Match[str]) -> str:
    try:
        ((raw, charset),) = decode_header(match[0])
    except (HeaderParseError, ValueError):  # broken base64, or several words in one
        return match[0]
    if isinstance(raw, str):
        return raw
    return for_people(raw, charset or "")


def parse_envelope(said: Mapping[str, str]) -> Envelope:
    """What the fields *said* mean, by their names in lower case, whatever state they are in."""
    subject = parse_subject(said.get("subject", ""))
    parents = IDENTITY.findall(said.get("references", "") or said.get("in-reply-to", ""))
    identity = said.get("message-id", "")
    own = IDENTITY.search(identity)
    message_id = printable(plain_address(own[1] if own else identity.strip("<> ")))
    head = Head(
        subject=subject.text,
        author=parse_person(said.get("from", "")),
        date=printable(said.get("date", "")),
        message_id=message_id,
        trailers=tuple((DEP_3[key], value) for key, value in said.items() if key in DEP_3),
    )
    return Envelope(head, subject.number, subject.is_reply, parents[0] if parents else message_id)
