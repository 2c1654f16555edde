"""``kernel-snapshots/snapshots.toml``: which versions there are, where they lie, what they hold."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from patchkit.errors import InputError
from patchkit.host.shipped import shipped
from patchkit.snapshots.manifest import Manifest, parse
from patchkit.snapshots.version import canonical

PINS = "pins"


@dataclass(frozen=True, slots=True)
class Pin:
    """What the files of a version are, in one kind of source.

    ``commit`` is the one that a git pin was made from. ``like`` names the version whose pin the
    manifest is written against. Both may be empty.
    """

    version: str
    kind: str
    identity: str
    files: int
    commit: str = ""
    like: str = ""

    @property
    def manifest_file(self) -> str:
        return f"{self.version}.{self.kind}"


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a mirror of kernel.org has the versions that match ``pattern``.

    The addresses are tried in turn; their ``{names}`` are the groups of the pattern.
    """

    pattern: re.Pattern[str]
    places: tuple[str, ...]


@dataclass(frozen=True)
class Catalog:
    """The whole file. ``prereleases`` has, for releases whose prepatches are all known, their
    number; ``bases`` the release before a release where counting down doesn't give it;
    ``makefiles`` what a tree's Makefile calls it where that is not as expected."""

    folder: Path
    mirror: str
    suffixes: tuple[str, ...]
    layouts: tuple[Layout, ...]
    prereleases: Mapping[str, int]
    bases: Mapping[str, str]
    makefiles: Mapping[str, str]
    pins: tuple[Pin, ...]

    @cached_property
    def versions(self) -> tuple[str, ...]:
        """Every version that is known by name."""
        counted = [
            f"{release}-pre{number}"
            for release, last in self.prereleases.items()
            for number in range(1, last + 1)
        ]
        return tuple(
            dict.fromkeys((*self.prereleases, *counted, *(pin.version for pin in self.pins)))
        )

    def resolve(self, spelling: str) -> str:
        """The canonical spelling of a version.

        Raises:
            InputError: it is no version, or a prepatch that never was.
        """
        version = canonical(spelling)
        release, is_pre, number = version.rpartition("-pre")
        last = self.prereleases.get(release)
        if is_pre and last is not None and not (number.isdigit() and 1 <= int(number) <= last):
            were = (
                f"the prepatches are -pre1 to -pre{last}"
                if last
                else f"{release} had no prepatches"
            )
            raise InputError(f"{version}: there is no such version; {were}")
        return version

    def places(self, version: str) -> tuple[str, ...] | None:
        """Where mirrors of kernel.org have *version*: addresses below the mirror (a few are
        absolute) of tarballs and prepatches, likeliest first; None where no rule tells."""
        for layout in self.layouts:
            found = layout.pattern.fullmatch(version)
            if found is not None:
                names = {"version": version, **found.groupdict()}
                return tuple(
                    place for template in layout.places for place in self._spelt(template, names)
                )
        return None

    def _spelt(self, template: str, names: Mapping[str, str]) -> tuple[str, ...]:
        stem = template.format_map(names)
        if stem.endswith(self.suffixes):
            return (stem,)
        return tuple(stem + suffix for suffix in self.suffixes)

    def base(self, version: str) -> str:
        """The release that a prepatch of *version* goes onto: ``2.4.0-test9`` for
        ``2.4.0-test10-pre4``. Without a rule, empty."""
        release = re.sub(r"-(?:pre|rc)\d+.*", "", version)
        if release in self.bases:
            return self.bases[release]
        number = re.search(r"\d*$", release, re.ASCII)
        if number is None or not int(number[0] or 0):
            return ""
        return f"{release[: number.start()]}{int(number[0]) - 1}"

    def pin(self, version: str, kind: str) -> Pin | None:
        """The pin of *version* for the same *kind* of source if there is one, else for another
        kind; None if it is not pinned."""
        pins = [pin for pin in self.pins if pin.version == version]
        return min(pins, key=lambda pin: pin.kind != kind, default=None)

    def manifest(self, pin: Pin) -> Manifest:
        """The files of *pin*, each with the first digits of its sha256."""
        text = (self.folder / PINS / pin.manifest_file).read_text(encoding="utf-8")
        if not pin.like:
            return parse(text)
        like = next(
            other for other in self.pins if (other.version, other.kind) == (pin.like, pin.kind)
        )
        return parse(text, self.manifest(like))


def near(name: str, names: tuple[str, ...]) -> str:
    """A hint with the most similar of *names*, for the end of a message."""
    found = difflib.get_close_matches(name, names, n=4, cutoff=0.75)
    return f"near it: {', '.join(found)}" if found else "nothing near it is known"


def open_catalog() -> Catalog:
    """The catalogue that comes with patchkit."""
    return load(shipped("kernel-snapshots"))


def load(folder: Path) -> Catalog:
    """The catalogue in *folder*, which is a part of patchkit and right."""
    table = tomllib.loads((folder / "snapshots.toml").read_text(encoding="utf-8"))
    return Catalog(
        folder=folder,
        mirror=table["mirror"],
        suffixes=tuple(table["suffixes"]),
        layouts=tuple(_layout(entry) for entry in table["layout"]),
        prereleases=table["prereleases"],
        bases=table["bases"],
        makefiles={
            entry["version"]: entry["makefile"]
            for entry in table["snapshot"]
            if "makefile" in entry
        },
        pins=tuple(
            Pin(entry["version"], **pin)
            for entry in table["snapshot"]
            for pin in entry.get("pin", ())
        ),
    )


def _layout(entry: Mapping[str, Any]) -> Layout:
    places = (*entry.get("tarballs", ()), *entry.get("prepatches", ()))
    return Layout(re.compile(entry["versions"], re.ASCII), places)
