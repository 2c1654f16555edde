"""One driver's conversion: the files it changes and the message that goes with them."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from patchkit import __version__
from patchkit.audit.driver import Driver
from patchkit.csource.parse import parsed, unparsed
from patchkit.patch.diff import change_between
from patchkit.patch.render import file_bytes

SAFE = "safe"
AS_POSTED = "as-posted"
NOPAGE = "nopage"

_ON_TOUCH = (
    "Pages are looked up when they are touched now, and private mappings copy what they write: "
    "look that the buffer lives as long as its mappings."
)


@dataclass(frozen=True, slots=True)
class Conversion:
    """Changed files by path, old and new text; *title* and *message* are the commit's."""

    title: str
    message: str
    files: Mapping[PurePosixPath, tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class NotConverted:
    """A driver that was left as it is, and why; ``done`` where there was nothing to do."""

    file: PurePosixPath
    reason: str
    done: bool = False


def is_sound(old: bytes, new: bytes) -> bool:
    """Is *new* understood by the grammar at least as well as *old*?"""
    return len(unparsed(parsed(new))) <= len(unparsed(parsed(old)))


def message_of(driver: Driver, *, unsafe: str | None = None, form: str = SAFE) -> str:
    """The verdict with its evidence, as a commit message; *unsafe* says what it will break."""
    parts = [textwrap.fill(driver.reason, 72)]
    if unsafe is not None:
        parts.insert(0, textwrap.fill(f"UNSAFE in this tree: {unsafe}", 72))
    if form == NOPAGE:
        parts.append(textwrap.fill(_ON_TOUCH, 72))
    steps = [f"  {step.file}:{step.line}: {step.what}" for step in driver.chain]
    parts.append("\n".join(["The chain:", *steps]))
    parts.append(f"Verdict: {driver.verdict} ({driver.confidence} confidence)")
    parts.append("Checked by the parser only; not compiled, not run.")
    return "\n\n".join(parts)


def patch_bytes(conversion: Conversion, number: int, count: int) -> bytes:
    """*conversion* as a mail that git and patchkit take: patch *number* of *count*."""
    of = f" {number}/{count}" if count > 1 else ""
    head = (
        "From: patchkit audit <patchkit@localhost>\n"
        f"Subject: [PATCH{of}] {conversion.title}\n\n{conversion.message}\n---\n"
    )
    changes = (
        file_bytes(change_between(path, old, new))
        for path, (old, new) in sorted(conversion.files.items())
    )
    return head.encode() + b"".join(changes) + f"-- \npatchkit {__version__}\n\n".encode()


def file_names(conversions: tuple[Conversion, ...]) -> Iterator[str]:
    """``0001-title-in-short.patch`` for each, in order."""
    for number, conversion in enumerate(conversions, 1):
        words = "".join(c if c.isalnum() else "-" for c in conversion.title.lower())
        short = "-".join(word for word in words.split("-") if word)[:52].rstrip("-")
        yield f"{number:04}-{short}.patch"
