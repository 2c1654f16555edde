"""What a command line names: files, or a series; and what a series' series.toml says of mails."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from patchkit.flows.intake.extract_mail import Extracted, Refused
from patchkit.mail.person import parse_person
from patchkit.patch.model import Head, Person
from patchkit.snapshots.series import Series, find_series


class Named(NamedTuple):
    """The files to read, in order, and of those that are of a series, which: by name."""

    files: tuple[str, ...]
    series: Mapping[str, Series]


def named_inputs(names: Iterable[str], patches: Path | None, folder: Path = Path()) -> Named:
    """The files to read for what a command line or a recipe names: a file, relative to *folder*,
    ``-``, or a series by name.

    Raises:
        InputError: a name is neither a file nor a series.
    """
    files: list[str] = []
    described: dict[str, Series] = {}
    for name in names:
        if name == "-":
            files.append(name)
            continue
        if (folder / name).exists() or "/" in name:
            files.append(str(folder / name))
            continue
        series = find_series(name, patches)
        mails = [str(mail) for mail in series.mails]
        files += mails
        described |= dict.fromkeys(mails, series)
    return Named(tuple(files), described)


def as_described(
    extracted: Iterable[Extracted | Refused], described: Mapping[str, Series]
) -> Iterator[Extracted | Refused]:
    """*extracted*, its heads completed by what series.toml says where the mail does not."""
    for one in extracted:
        series = described.get(one.message.source) if isinstance(one, Extracted) else None
        if isinstance(one, Extracted) and series is not None:
            head = _completed(one.patch.head, series)
            yield replace(one, patch=replace(one.patch, head=head))
        else:
            yield one


def _completed(head: Head, series: Series) -> Head:
    is_only = len(series.mails) == 1  # a Message-ID is one mail's
    origin = " ".join(series.origin.split())
    return replace(
        head,
        subject=head.subject or series.title,
        author=head.author if head.author != Person() else parse_person(series.author),
        date=head.date or (series.date.isoformat() if series.date is not None else ""),
        message_id=head.message_id or (series.message_id if is_only else ""),
        trailers=(*head.trailers, ("Origin", origin)) if origin else head.trailers,
    )
