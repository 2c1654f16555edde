"""One RFC 822 mail → its texts with patches in them, transfer encodings undone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from email.message import Message as Mime
from email.parser import BytesParser

from patchkit.errors import InputError
from patchkit.mail.charset import readable
from patchkit.mail.clearsigned import unsigned
from patchkit.mail.flowed import unflow
from patchkit.mail.inflate import inflate
from patchkit.mail.page_text import page_charset, page_text
from patchkit.mail.recognise import COMPRESSION, Kind, may_hold_diff, recognise
from patchkit.mail.uuencoded import unpacked

# The email package recurses for each level, and asks every level about every line: bounds on the
# levels, and on the bytes times the levels, keep it within seconds.
DEEPEST = 100
LEVEL = re.compile(rb"^content-type:\s*(?:multipart|message)/", re.I | re.M)
MOST_WORK = 128 << 20
# email's reading of parameters is quadratic.
LONG_FIELD = re.compile(rb"^content-(?:[^\n]|\n[ \t]){16384}", re.I | re.M)
# An attached patch is bounded like a mail, not like a release's patch.
LARGEST_INFLATED = 64 << 20
# Where the fields end: a blank line. (Saved mails may have blanks in it.)
END_OF_HEAD = re.compile(rb"(?:\A|\n)[ \t]*\r?\n")


@dataclass(frozen=True, slots=True)
class Text:
    """A part's bytes as the author had them. ``line`` is its first line in the mail, from 1.
    ``is_file`` is True for an attachment."""

    body: bytes
    charset: str = ""
    line: int = 1
    is_file: bool = False


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail's fields and its texts, in order; mails within it stand by themselves."""

    fields: Mime
    texts: tuple[Text, ...]
    enclosed: tuple[Letter, ...] = ()


def open_letter(raw: bytes, source: str) -> Letter:
    """Take *raw*, one mail without its mbox line, apart.

    Raises:
        InputError: its parts are nested too deep, or it is too large, to be a mail.
    """
    end = END_OF_HEAD.search(raw)
    start = end.end() if end else len(raw)
    head = raw[:start]
    if LONG_FIELD.search(head):
        raise InputError(f"{source}: a Content field of more than 16 kB")
    mail = BytesParser().parsebytes(head, headersonly=True)
    if b"\r\n" in head:  # the form on the wire: every line of the mail ends so
        raw, start = raw.replace(b"\r\n", b"\n"), start - head.count(b"\r\n")
    if mail.get_content_maintype() not in ("multipart", "message"):
        mail.set_payload(raw[start:].decode("ascii", "surrogateescape"))
        text = _text(mail, source, head.count(b"\n") + 1)
        return Letter(mail, (text,) if text else ())
    if LONG_FIELD.search(raw):
        raise InputError(f"{source}: a part with a Content field of more than 16 kB")
    levels = len(LEVEL.findall(raw))
    if levels > DEEPEST:
        raise InputError(f"{source}: more than {DEEPEST} mails or multiparts within one mail")
    if len(raw) * levels > MOST_WORK:
        raise InputError(f"{source}: too large for a mail with parts; save the patch by itself")
    return _letter(BytesParser().parsebytes(raw), raw, source)


def _letter(mail: Mime, raw: bytes, source: str) -> Letter:
    texts: list[Text] = []
    enclosed: list[Letter] = []
    for part in _leaves(mail):
        if part.get_content_maintype() == "message" and part.is_multipart():
            enclosed += [_letter(inner, raw, source) for inner in _inner(part)]
        elif text := _text(part, source):
            texts.append(replace(text, line=_line_of(text.body, raw)))
    return Letter(mail, tuple(texts), tuple(enclosed))


def _leaves(whole: Mime) -> Iterator[Mime]:
    """The parts that hold something, in order; of alternatives the one that is plainest."""
    waiting = [whole]
    while waiting:
        part = waiting.pop()
        if not part.is_multipart() or part.get_content_maintype() == "message":
            yield part
            continue
        inner = _inner(part)
        if part.get_content_subtype() == "alternative":
            plain = [one for one in inner if one.get_content_type() == "text/plain"]
            inner = plain[:1] or inner[:1]
        waiting += reversed(inner)


def _inner(part: Mime) -> list[Mime]:
    payload = part.get_payload()
    return [inner for inner in payload if isinstance(inner, Mime)]


def _line_of(body: bytes, raw: bytes) -> int:
    """The line of *raw* that *body* begins at, if its beginning was not encoded; else 1."""
    at = raw.find(body[:200]) if body.strip() else -1
    return raw.count(b"\n", 0, at) + 1 if at >= 0 else 1


def _text(part: Mime, source: str, line: int = 1) -> Text | None:
    """What *part* says, decoded; None when it is nothing that a patch could be in."""
    body = part.get_payload(decode=True)
    if not isinstance(body, bytes):
        return None
    charset = _parameter(part, "charset")
    is_file = "attachment" in str(part.get("content-disposition", "")).lower()
    if part.get_content_maintype() != "text" or is_file:
        if body.startswith(COMPRESSION):
            body = b"".join(inflate([body], source, most=LARGEST_INFLATED))
        if recognise(body) is Kind.BINARY or not may_hold_diff(readable(body)):
            return None
    if part.get_content_type() == "text/html" and not is_file:
        return Text(page_text(body, charset, source), page_charset(body, charset), line)
    body = readable(body, charset)
    if _parameter(part, "format").lower() == "flowed":
        body = unflow(body, delsp=_parameter(part, "delsp").lower() == "yes")
    return Text(unpacked(unsigned(body)), charset, line, is_file)


def _parameter(part: Mime, name: str) -> str:
    """A parameter of Content-Type as text; "" when there is none or it can't be read."""
    value = part.get_param(name)
    return value.strip() if isinstance(value, str) else ""
