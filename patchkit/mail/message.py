"""A mail as the rest of patchkit sees it: who, what, which of how many, and its text."""

from __future__ import annotations

from dataclasses import dataclass, field

from patchkit.patch.model import Head


@dataclass(frozen=True, slots=True)
class Number:
    """Which patch of which series: ``[PATCH v3 2/7]`` is ``Number(3, 2, 7)``.

    ``n`` is 0 for a cover letter; ``n`` and ``m`` are None for a mail that stands alone.
    """

    version: int = 1
    n: int | None = None
    m: int | None = None

    def __str__(self) -> str:
        version = f"v{self.version} " if self.version > 1 else ""
        return f"{version}{self.n}/{self.m}" if self.n is not None else version.strip()


@dataclass(frozen=True, slots=True)
class Message:
    """One mail, its transfer encoding undone.

    ``body`` has the author's bytes, in the charset that they came in; ``charset`` is what the
    mail says of them ("" where it says nothing). ``line`` is the line of *source* that ``body``
    starts at, from 1. ``thread`` is the Message-ID of the mail that started the thread, where
    the references tell. ``head.message`` and most of ``head.trailers`` are empty: they stand
    in the body, above the diff (``commit_text`` reads them there).
    """

    head: Head
    body: bytes
    line: int = 1
    number: Number = field(default_factory=Number)
    is_reply: bool = False
    thread: str = ""
    charset: str = ""
    source: str = ""
