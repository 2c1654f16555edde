"""Any input → the messages in it: the door of this package.

for message in messages(Path("saved.html").read_bytes(), "saved.html"):
    print(message.number, message.head.subject, len(message.body))
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace

from patchkit.errors import InputError
from patchkit.mail.archives.found import Found
from patchkit.mail.archives.saved_page import saved_page, saved_text
from patchkit.mail.charset import readable
from patchkit.mail.clearsigned import unsigned
from patchkit.mail.commits import split_commits
from patchkit.mail.head import Envelope, fields, parse_envelope
from patchkit.mail.inflate import inflate
from patchkit.mail.mbox import split_mbox
from patchkit.mail.message import Message
from patchkit.mail.mime import Letter, Text, open_letter
from patchkit.mail.recognise import LOOK, Kind, recognise
from patchkit.mail.uuencoded import unpacked
from patchkit.patch.model import Head


def messages(text: bytes, source: str) -> Iterator[Message]:
    """The messages in *text*, whatever it is (a mail, an mbox, an archive's page, a diff, a
    compressed one of these), in its own order; those without a patch too.

    *source* is what errors call it. Memory: a few times *text*; ``split_mbox`` is for more.

    Raises:
        InputError: it is empty, binary, damaged, or more than can be read.
    """
    match kind := recognise(text[:LOOK]):
        case Kind.EMPTY:
            raise InputError(f"{source}: empty; give a mail or a diff")
        case Kind.BINARY | Kind.ARCHIVE:
            raise InputError(f"{source}: {kind.value}; give a mail or a diff")
        case Kind.COMPRESSED:
            yield from messages(b"".join(inflate([text], source)), source)
        case Kind.MBOX:
            for mail in split_mbox(io.BytesIO(text.lstrip()), source):
                yield from mail_messages(mail.raw, source, mail.line, commit=mail.commit)
        case Kind.MAIL:
            above = len(text) - len(text.lstrip())
            yield from mail_messages(text[above:], source, 1 + text.count(b"\n", 0, above))
        case Kind.HTML:
            found = saved_page(text, source)
            yield _message(parse_envelope(found.fields), found, source)
        case Kind.COMMITS | Kind.CHANGESETS:
            for body, line in split_commits(readable(text)):
                yield Message(Head(), body, line, source=source)
        case Kind.TEXT:
            body = readable(text)
            found = saved_text(body) or Found({}, body)
            found = found._replace(body=unpacked(unsigned(found.body)))
            yield _message(parse_envelope(found.fields), found, source)


def mail_messages(raw: bytes, source: str, line: int = 1, *, commit: str = "") -> Iterator[Message]:
    """The messages of one RFC 822 mail: itself, unless it only carries others, and those within
    it (forwarded mails, attached output of ``git format-patch``). *line* is its first,
    *commit* the one that it was made of.

    Raises:
        InputError: it is too large or nested too deep.
    """
    yield from _of_letter(open_letter(raw, source), source, line, commit)


def _of_letter(letter: Letter, source: str, line: int, commit: str = "") -> Iterator[Message]:
    envelope = parse_envelope(fields(letter.fields))
    envelope = envelope._replace(head=replace(envelope.head, commit=commit))
    own, carried = _sorted_texts(letter)
    if own or not (carried or letter.enclosed):
        charset = next((text.charset for text in own if text.charset), "")
        body = b"".join(_ended(text.body) for text in own)
        first = own[0].line if own else 1
        found = Found({}, body, line + first - 1)
        yield _message(envelope, found, source, charset)
    for text in carried:
        yield from messages(text.body, source)
    for inner in letter.enclosed:
        yield from _of_letter(inner, source, line)


def _sorted_texts(letter: Letter) -> tuple[list[Text], list[Text]]:
    """(texts of the mail itself, files that are mails of their own)."""
    heads = (Kind.MBOX, Kind.MAIL)
    carried = [text for text in letter.texts if text.is_file and recognise(text.body) in heads]
    return [text for text in letter.texts if text not in carried], carried


def _ended(body: bytes) -> bytes:
    return body if body.endswith(b"\n") or not body else body + b"\n"


def _message(envelope: Envelope, found: Found, source: str, charset: str = "") -> Message:
    return Message(
        head=envelope.head,
        body=found.body,
        line=found.line,
        number=envelope.number,
        is_reply=envelope.is_reply,
        thread=envelope.thread,
        charset=charset,
        source=source,
    )
