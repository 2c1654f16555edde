"""What a page of an archive says of its mail."""

from __future__ import annotations

from typing import NamedTuple


class Found(NamedTuple):
    """A mail's fields, by their RFC 822 names in lower case, and its text; ``line`` is the
    text's first in the page, from 1."""

    fields: dict[str, str]
    body: bytes
    line: int = 1
