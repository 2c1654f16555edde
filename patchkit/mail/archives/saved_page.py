"""A page of an archive → its mail: by its maker's markup, else as if it was copied as text."""

from __future__ import annotations

from collections.abc import Callable

from patchkit.mail.archives.copied_text import copied_text
from patchkit.mail.archives.found import Found
from patchkit.mail.archives.hypermail import hypermail
from patchkit.mail.archives.mhonarc import mhonarc
from patchkit.mail.archives.pipermail import copied_pipermail, pipermail
from patchkit.mail.page_text import page_text

# In the order of how certain they are of their own pages.
BY_MARKUP: tuple[Callable[[bytes], Found | None], ...] = (hypermail, mhonarc, pipermail)
BY_TEXT: tuple[Callable[[bytes], Found | None], ...] = (copied_pipermail, copied_text)


def saved_page(page: bytes, source: str) -> Found:
    """The mail of *page*, an HTML document; without fields where no archive is recognised.

    Raises:
        InputError: it is too large for a mail in an archive.
    """
    for read in BY_MARKUP:
        if found := read(page):
            return found
    text = page_text(page, source=source)
    return saved_text(text) or Found({}, text)


def saved_text(text: bytes) -> Found | None:
    """The mail of *text*, copied off a page; None where it has no head."""
    for read in BY_TEXT:
        if found := read(text):
            return found
    return None
