"""Mails → patches: each message's diffs mended, and completed by what stands above them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from patchkit.errors import Exit, InputError
from patchkit.flows.intake.read_mail import Mailing
from patchkit.host.files import atomic_write
from patchkit.mail.commit_text import diff_starts, with_commit_text
from patchkit.mail.message import Message
from patchkit.mail.parts import joined
from patchkit.mail.recognise import may_hold_diff
from patchkit.mail.series import HOLE, Note
from patchkit.mail.written import file_name, written
from patchkit.patch.model import Head, Patch
from patchkit.patch.other_forms import other_form
from patchkit.repair.damage import Repair
from patchkit.repair.mend import Mended, mend


@dataclass(frozen=True, slots=True)
class Extracted:
    """A message and the patch in it. ``index`` counts the patches from 1; ``mended`` has all
    the readings among which a target decides."""

    index: int
    message: Message
    patch: Patch
    mended: Mended


@dataclass(frozen=True, slots=True)
class Refused:
    """A message with a diff that can't be read, or may not be; the reason is one line."""

    subject: str
    reason: str


@dataclass(frozen=True, slots=True)
class Summary:
    """An extracted patch without its hunks, which may be many; ``path`` is the file that it
    was written to, None when it went to a stream. ``repairs`` are in line order."""

    index: int
    head: Head
    files: tuple[str, ...]
    repairs: tuple[Repair, ...]
    source: str
    path: Path | None = None


@dataclass(frozen=True, slots=True)
class ExtractReport:
    """What ``patchkit extract`` did."""

    patches: tuple[Summary, ...]
    notes: tuple[Note, ...]
    refused: tuple[Refused, ...]

    def exit(self, *, strict: bool) -> Exit:
        """INCOMPLETE where a patch is missing or refused; ADAPTED under *strict* after repairs."""
        if self.refused or any(note.kind == HOLE for note in self.notes):
            return Exit.INCOMPLETE
        adapted = any(patch.repairs for patch in self.patches)
        return Exit.ADAPTED if strict and adapted else Exit.CLEAN


def extract_mail(messages: Iterable[Message]) -> Iterator[Extracted | Refused]:
    """The patches of *messages*, in their order; messages without a diff are passed over."""
    index = 1
    for message in joined(messages):
        one = extracted(message, index)
        if one is not None:
            yield one
            index += isinstance(one, Extracted)


def extract_to_stream(mailing: Mailing, stream: BinaryIO | None) -> ExtractReport:
    """Write the patches of *mailing* to *stream* as one mbox; nowhere when that is None.

    Raises:
        InputError: there is no patch in it.
    """

    def put(one: Extracted) -> None:
        if stream is not None:
            stream.write(written(one.patch, one.message.number) + b"\n")

    return _report(mailing, put)


def extract_to_folder(mailing: Mailing, folder: Path, *, quilt: bool = False) -> ExtractReport:
    """Write each patch of *mailing* to a file of its own in *folder*, each whole or not at all,
    and with *quilt* the ``series`` file last.

    Raises:
        InputError: there is no patch in it.
        HostError: *folder* can't be written to.
    """

    def put(one: Extracted) -> Path:
        name = file_name(one.index, one.patch.head, one.patch.files[0].path.name)
        text = written(one.patch, one.message.number, postmark=not quilt)
        atomic_write(folder / name, text)
        return folder / name

    report = _report(mailing, put)
    if quilt:
        series = "".join(f"{patch.path.name}\n" for patch in report.patches if patch.path)
        atomic_write(folder / "series", series.encode())
    return report


def extracted(message: Message, index: int) -> Extracted | Refused | None:
    """The patch in *message*, number *index*; None where there is no diff."""
    if not may_hold_diff(message.body):
        return _of_other_form(message)
    start = diff_starts(message.body)
    above = message.body[:start]
    line = message.line + above.count(b"\n")
    try:
        mended = mend(message.body[start:], source=message.source, first_line=line)
    except InputError as error:
        return Refused(message.head.subject, str(error))
    if not mended.files:
        return _of_other_form(message)
    prose = above + b"\n".join(mended.prose)
    head = with_commit_text(message.head, prose, message.charset)
    patch = Patch(tuple(file.change for file in mended.files), head)
    return Extracted(index, message, patch, mended)


def _of_other_form(message: Message) -> Refused | None:
    found = other_form(message.body)
    if found is None:
        return None
    words, line = found
    return Refused(message.head.subject, f"{message.source}:{message.line + line - 1}: {words}")


def _report(mailing: Mailing, put: Callable[[Extracted], Path | None]) -> ExtractReport:
    patches: list[Summary] = []
    refused: list[Refused] = []
    for one in extract_mail(mailing):
        if isinstance(one, Refused):
            refused.append(one)
        else:
            patches.append(_summary(one, put(one)))
    if not patches and refused:
        raise InputError(refused[0].reason)
    if not patches:
        raise InputError(f"{', '.join(mailing.sources)}: no diff in it; give a mail with a patch")
    return ExtractReport(tuple(patches), mailing.notes, tuple(refused))


def _summary(one: Extracted, path: Path | None) -> Summary:
    return Summary(
        index=one.index,
        head=one.patch.head,
        files=tuple(str(change.path) for change in one.patch.files),
        repairs=tuple(sorted(one.mended.repairs, key=lambda repair: repair.line)),
        source=one.message.source,
        path=path,
    )
