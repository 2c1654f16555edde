"""Files, folders and standard input → the messages in them, in the order to apply."""

from __future__ import annotations

import contextlib
import io
import re
import stat
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO, NamedTuple, cast

from patchkit.errors import InputError
from patchkit.host.files import reason
from patchkit.mail.inflate import inflate
from patchkit.mail.mbox import CHUNK, LARGEST, enclosed, split_mbox
from patchkit.mail.message import Message
from patchkit.mail.read import mail_messages, messages
from patchkit.mail.recognise import LOOK, Kind, may_hold_diff, recognise
from patchkit.mail.series import Note, arrange

STDIN = "-"
# Bodies that are kept between sorting and reading; those beyond are read again.
KEEP = 32 << 20
# Of a series; a piece of a patch that was cut need not look like a diff.
NUMBERED = re.compile(rb"^subject:.*\d/\d", re.I | re.M)


class Place(NamedTuple):
    """Where in an mbox a message stands: the ``nth`` that its mail gives."""

    offset: int
    length: int
    line: int
    nth: int


@dataclass(slots=True)
class Mailing:
    """Messages in the order to apply, and what there is to say of those left out."""

    sources: tuple[str, ...]
    notes: tuple[Note, ...]
    _found: Sequence[_Found]
    _inputs: _Inputs

    def __len__(self) -> int:
        return len(self._found)

    def __iter__(self) -> Iterator[Message]:
        for found in self._found:
            yield self._inputs.message(found)


@dataclass(frozen=True, slots=True)
class _Found:
    """A message; its body is left in the mbox where ``place`` is not None."""

    message: Message
    stream: int = 0
    place: Place | None = None


@dataclass(slots=True)
class _Inputs:
    """The streams that are read, and how much of them is kept."""

    closing: contextlib.ExitStack
    streams: list[BinaryIO] = field(default_factory=list)
    kept: int = 0

    def keep(self, stream: BinaryIO) -> BinaryIO:
        return self.closing.enter_context(stream)

    def message(self, found: _Found) -> Message:
        if found.place is None:
            return found.message
        stream = self.streams[found.stream]
        stream.seek(found.place.offset)
        raw = enclosed(stream.read(found.place.length))
        source = found.message.source
        commit = found.message.head.commit
        again = list(mail_messages(raw, source, found.place.line, commit=commit))
        if found.place.nth >= len(again):
            raise InputError(f"{source}: changed while it was read; run it again")
        return again[found.place.nth]


@contextlib.contextmanager
def read_mail(names: Iterable[str], stdin: BinaryIO | None = None) -> Iterator[Mailing]:
    """The messages of the files and folders *names* ("-" is *stdin*) that may hold a patch.

    A folder is a maildir, a quilt folder (its ``series`` gives the order) or a folder of mails.
    Memory is bounded for mboxes of any size: a body is read again when its turn comes.

    Raises:
        InputError: one of them can't be read, or is nothing that a patch could be in.
    """
    with contextlib.ExitStack() as closing:
        inputs = _Inputs(closing)
        found: list[_Found] = []
        sources = tuple(names)
        for name in sources:
            for path in files_of(name):
                found += _in_stream(_opened(path, stdin, inputs), path, inputs)
        wanted = [one for one in found if len(found) == 1 or _is_wanted(one)]
        order, notes = arrange([one.message for one in wanted])
        yield Mailing(sources, notes, [wanted[at] for at in order], inputs)


def _is_wanted(found: _Found) -> bool:
    return (
        found.place is not None or found.message.number.n == 0 or may_hold_diff(found.message.body)
    )


def files_of(name: str) -> list[str]:
    """The files that are read where *name* is named: itself, or those of a folder, in order.

    Raises:
        InputError: the folder can't be read.
    """
    folder = Path(name)
    if name == STDIN or not folder.is_dir():
        return [name]
    try:
        if (folder / "cur").is_dir() or (folder / "new").is_dir():
            return [path for part in ("cur", "new") for path in _listed(folder / part)]
        if (folder / "series").is_file():
            return _quilt_series(folder)
        return _listed(folder)
    except OSError as error:
        raise InputError(f"{name}: can't be read: {reason(error)}") from error


def _listed(folder: Path) -> list[str]:
    """The plain files of *folder* by name, which is a maildir's order of arrival."""
    if not folder.is_dir():
        return []
    paths = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    return [str(path) for path in paths if stat.S_ISREG(path.lstat().st_mode)]


def _quilt_series(folder: Path) -> list[str]:
    lines = (folder / "series").read_text(errors="replace").splitlines()
    names = [words[0] for line in lines if (words := line.partition("#")[0].split())]
    for name in names:
        if not (folder / name).resolve().is_relative_to(folder.resolve()):
            raise InputError(f"{folder / 'series'}: {name!r} is not in the folder")
    return [str(folder / name) for name in names]


def _opened(name: str, stdin: BinaryIO | None, inputs: _Inputs) -> BinaryIO:
    if name == STDIN:
        if stdin is None:
            raise InputError("-: there is no standard input")
        return _spooled(iter(lambda: stdin.read(CHUNK), b""), inputs)
    try:
        return inputs.keep(Path(name).open("rb"))
    except OSError as error:
        raise InputError(f"{name}: can't be read: {reason(error)}") from error


def _spooled(chunks: Iterable[bytes], inputs: _Inputs) -> BinaryIO:
    """*chunks* as a file that can be read twice; in memory while they are few."""
    spool = cast(BinaryIO, tempfile.SpooledTemporaryFile(max_size=KEEP))  # noqa: SIM115 - inputs closes it
    for chunk in chunks:
        spool.write(chunk)
    spool.seek(0)
    return inputs.keep(spool)


def _in_stream(stream: BinaryIO, name: str, inputs: _Inputs) -> Iterator[_Found]:
    start = stream.read(LOOK)
    stream.seek(0)
    kind = recognise(start)
    if kind is Kind.COMPRESSED:
        packed = stream
        stream = _spooled(inflate(iter(lambda: packed.read(CHUNK), b""), name), inputs)
        start = stream.read(LOOK)
        stream.seek(0)
        kind = recognise(start)
    if kind is Kind.MBOX:
        above = len(start) - len(start.lstrip())
        yield from _in_mbox(stream, name, inputs, above)
        return
    text = stream.read(LARGEST + 1)
    stream.close()
    if len(text) > LARGEST:
        raise InputError(f"{name}: more than {LARGEST >> 20} MB, and no mbox")
    yield from (_Found(message) for message in messages(text, name))


def _in_mbox(stream: BinaryIO, name: str, inputs: _Inputs, above: int) -> Iterator[_Found]:
    """The messages of an mbox that may hold a patch, or are a cover letter; it begins below
    *above* blank bytes."""
    inputs.streams.append(stream)
    number = len(inputs.streams) - 1
    size = stream.seek(0, io.SEEK_END) - above
    stream.seek(above)
    for mail in split_mbox(stream, name, size):
        if not (may_hold_diff(mail.raw) or NUMBERED.search(mail.raw, 0, 8192)):
            continue
        found = mail_messages(mail.raw, name, mail.line, commit=mail.commit)
        for nth, message in enumerate(found):
            if not (may_hold_diff(message.body) or (message.number.n and not message.is_reply)):
                yield _Found(replace(message, body=b""))
            elif inputs.kept + len(message.body) <= KEEP:
                inputs.kept += len(message.body)
                yield _Found(message)
            else:
                place = Place(above + mail.offset, mail.length, mail.line, nth)
                yield _Found(replace(message, body=b""), number, place)
