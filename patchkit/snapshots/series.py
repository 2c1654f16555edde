"""Patch series that have a name: the folders of ``patches/``, or of the user's own folder."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from patchkit.errors import HostError, InputError
from patchkit.host.files import reason
from patchkit.host.shipped import shipped

DESCRIPTION = "series.toml"
TEXTS = ("title", "base", "origin", "author", "message_id", "terms")


@dataclass(frozen=True, slots=True)
class Series:
    """What a folder's series.toml says; ``docs/series.md`` documents the format.

    ``mails`` are the files to read, in the order in which they go on. ``base`` is the kernel
    version that the series was made against. What series.toml leaves out is empty or None.
    """

    name: str
    mails: tuple[Path, ...]
    title: str = ""
    base: str = ""
    origin: str = ""
    author: str = ""
    date: datetime | None = None
    message_id: str = ""
    terms: str = ""


def find_series(name: str, folder: Path | None = None) -> Series:
    """The series *name* in *folder*, or among those that come with patchkit.

    Raises:
        InputError: there is none of that name, or its series.toml can't be used.
        HostError: series.toml can't be read.
    """
    where = shipped("patches") if folder is None else folder
    if name not in known_series(where):
        known = ", ".join(known_series(where)) or "none"
        raise InputError(f"{name}: no series of that name in {where}; known: {known}")
    return _described(name, where / name)


def known_series(folder: Path) -> tuple[str, ...]:
    """The names in *folder*, sorted: of the folders that hold a series.toml.

    A name is therefore never a path, and can't lead out of *folder*.

    Raises:
        InputError: *folder* is no folder.
    """
    try:
        return tuple(sorted(at.name for at in folder.iterdir() if (at / DESCRIPTION).is_file()))
    except OSError as error:
        raise InputError(f"{folder}: can't be listed: {reason(error)}") from error


def _described(name: str, folder: Path) -> Series:
    path = folder / DESCRIPTION
    try:
        fields = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise HostError(f"{path}: can't be read: {reason(error)}") from error
    except ValueError as error:  # TOML and UTF-8 errors both are
        raise InputError(f"{path}: {error}") from error
    unknown = sorted(fields.keys() - {*TEXTS, "mails", "date"})
    if unknown:
        raise InputError(f"{path}: {unknown[0]}: no such key")
    for key in TEXTS:
        if not isinstance(fields.get(key, ""), str):
            raise InputError(f"{path}: {key}: must be a string")
    return Series(
        name=name,
        mails=_mails(fields.get("mails"), folder, path),
        date=_date(fields.get("date"), path),
        **{key: fields[key] for key in TEXTS if key in fields},
    )


def _mails(names: Any, folder: Path, path: Path) -> tuple[Path, ...]:
    if not names or not isinstance(names, list) or not all(isinstance(n, str) for n in names):
        raise InputError(f"{path}: mails: must be a list of file names, at least one")
    here = {at.name for at in folder.iterdir()}
    for name in names:
        if name not in here or not (folder / name).is_file():
            raise InputError(f"{path}: mails: {name}: no such file beside it")
    return tuple(folder / name for name in names)


def _date(date: Any, path: Path) -> datetime | None:
    if date is None or (isinstance(date, datetime) and date.tzinfo is not None):
        return date
    raise InputError(f"{path}: date: must have date, time and zone, as 2000-10-20T11:45:11-05:00")
