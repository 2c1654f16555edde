"""HTML → the text that a browser would show, every blank of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from patchkit.errors import InputError

if TYPE_CHECKING:
    from bs4 import BeautifulSoup
    from bs4.element import PageElement, Tag

    Piece = tuple[PageElement | str, bool]

# BeautifulSoup takes up to 4 s for it; a mail in an archive is a hundredth of that.
LARGEST = 4 << 20
DECLARED = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.I)
BLANKS = re.compile("[ \t\r\n\f]+")
UNSEEN = frozenset(("script", "style", "head", "title", "template", "noscript"))
PREFORMATTED = frozenset(("pre", "textarea", "xmp", "listing", "plaintext"))
NEW_LINE = frozenset(
    {"div", "tr", "table", "ul", "ol", "li", "dl", "dt", "dd", "hr", "address", "form", "center"}
    | {"h1", "h2", "h3", "h4", "h5", "h6", "section", "article", "header", "footer", "nav"}
    | {"body", "pre", "blockquote", "textarea", "xmp"}
)
NEW_PARAGRAPH = frozenset(("p",))


def page_charset(page: bytes, charset: str = "") -> str:
    """The charset to read *page* by: UTF-8 where it is that, else the one it or its mail
    declares, else Latin-1, so that every byte has its character."""
    try:
        page.decode()
        return "utf-8"
    except UnicodeDecodeError:
        declared = DECLARED.search(page[:4096])
        for name in (charset, declared[1].decode("ascii", "replace") if declared else ""):
            if name and name.lower() not in ("utf-8", "utf8", "us-ascii"):
                try:
                    page.decode(name)
                    return name
                except (LookupError, ValueError):
                    continue
        return "latin-1"


def parse_page(page: bytes, charset: str = "", source: str = "page") -> BeautifulSoup:
    """*page* as a tree.

    Raises:
        InputError: it is too large for a mail in an archive.
    """
    from bs4 import BeautifulSoup

    if len(page) > LARGEST:
        raise InputError(f"{source}: an HTML page of more than {LARGEST >> 20} MB; save the mail")
    text = page.decode(page_charset(page, charset), "replace").replace("\0", "\ufffd")
    return BeautifulSoup(text.replace("\r\n", "\n"), "lxml")


def page_text(page: bytes, charset: str = "", source: str = "page") -> bytes:
    """The text of *page* in the charset that ``page_charset`` finds, so that the author's bytes
    are there again; a no-break space is UTF-8 always, as the entities beyond the charset are."""
    text = shown([parse_page(page, charset, source)])
    return encoded(text, page_charset(page, charset))


def encoded(text: str, charset: str) -> bytes:
    """*text* in *charset*, and in UTF-8 what that has no place for."""
    if charset == "utf-8":
        return text.encode(errors="replace")
    return b"\xc2\xa0".join(_encoded(piece, charset) for piece in text.split("\xa0"))


def _encoded(text: str, charset: str) -> bytes:
    try:
        return text.encode(charset)
    except UnicodeEncodeError as error:
        odd = text[error.start : error.end].encode(errors="replace")
        return text[: error.start].encode(charset) + odd + _encoded(text[error.end :], charset)


def shown(nodes: Iterable[PageElement]) -> str:
    """What a browser would show of *nodes*, with its line breaks; no-break spaces stay."""
    pieces: list[str] = []
    at_start = True  # of a line, where HTML drops blanks
    for piece, preformatted in _pieces(nodes):
        text = piece if preformatted else BLANKS.sub(" ", piece)
        if at_start and not preformatted:
            text = text.lstrip(" ")
        if text:
            at_start = text.endswith("\n") or (text.endswith(" ") and not preformatted)
            pieces.append(text)
    return "".join(pieces)


def _pieces(nodes: Iterable[PageElement]) -> Iterator[tuple[str, bool]]:
    """Texts and line breaks in order, each with whether its blanks count; without recursion,
    since tags may be nested as deep as an attacker likes."""
    from bs4.element import NavigableString, PreformattedString, Tag

    waiting: list[Piece] = [(node, False) for node in nodes]
    waiting.reverse()
    while waiting:
        node, preformatted = waiting.pop()
        if isinstance(node, Tag):
            waiting += _opened(node, preformatted=preformatted)
        elif isinstance(node, NavigableString):
            if not isinstance(node, PreformattedString):  # comments, doctypes
                yield str(node), preformatted
        elif isinstance(node, str):
            yield node, preformatted


def _opened(tag: Tag, *, preformatted: bool) -> list[Piece]:
    """*tag*'s children and line breaks, the last first. A break counts as preformatted: a "\\n"
    of the page itself is but a blank."""
    name = tag.name.lower()
    if name in UNSEEN:
        return []
    if name == "br":
        return [("\n", True)]
    inner: list[Piece] = [(child, preformatted or name in PREFORMATTED) for child in tag.children]
    if name in NEW_PARAGRAPH:
        return [*inner[::-1], ("\n", True)]
    if name in NEW_LINE:
        return [("\n", True), *inner[::-1], ("\n", True)]
    return inner[::-1]
