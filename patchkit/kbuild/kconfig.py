"""Configurations: fragments read, and what became of the options that were asked for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from patchkit.errors import InputError

_SET = re.compile(r"(CONFIG_\w+)=(.*)")
_UNSET = re.compile(r"# (CONFIG_\w+) is not set")


class Refused(NamedTuple):
    """An option that configuring did not keep as asked; ``got`` is "n" where it is gone."""

    option: str
    asked: str
    got: str


def options(text: str, *, source: str) -> dict[str, str]:
    """The options of a ``.config`` or a fragment; one that is not set maps to ``n``.

    Raises:
        InputError: a line is neither an option nor a comment.
    """
    found: dict[str, str] = {}
    for number, line in enumerate(map(str.strip, text.split("\n")), 1):
        if match := _SET.fullmatch(line):
            found[match[1]] = match[2]
        elif match := _UNSET.fullmatch(line):
            found[match[1]] = "n"
        elif line and not line.startswith("#"):
            raise InputError(f"{source}:{number}: no option: {line[:60]}")
    return found


def rendered(wanted: Mapping[str, str]) -> str:
    """*wanted* as ``.config`` lines."""
    return "".join(
        f"# {name} is not set\n" if value == "n" else f"{name}={value}\n"
        for name, value in wanted.items()
    )


def refused(asked: Mapping[str, str], got: Mapping[str, str]) -> tuple[Refused, ...]:
    """The options of *asked* that *got* has otherwise."""
    return tuple(
        Refused(name, value, got.get(name, "n"))
        for name, value in asked.items()
        if got.get(name, "n") != value
    )
