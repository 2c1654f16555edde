"""The objects that a build is to make, and why it did not make some of them.

What there is to make is make's own list, ``make -k -n`` in a tree without objects; what was made
is on the disk. The log of the build is asked for causes only.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import NamedTuple

from patchkit.kbuild.commands import commands, in_tree, object_of
from patchkit.kbuild.log import diagnostics, first_cause, place

# under -k make goes on, and does not say which objects it will miss
_NO_RULE = re.compile(
    rb"make(?:\[\d+\])?: \*\*\* (No rule to make target [`'].*'), needed by [`'](.*)'\."
)


# how kbuild shows a command; the name is from the tree's top
_SHORT = re.compile(rb"  (?:CC|AS) (?:\[M\])?\s+(\S+\.o)$")


class NotMade(NamedTuple):
    """An object, or another file that make was to make, and the first cause why it is not there."""

    name: str
    cause: str


class Asked(NamedTuple):
    """The objects to make, and what make said beforehand that it can't."""

    objects: tuple[str, ...]
    impossible: tuple[NotMade, ...] = ()


def asked_for(listing: bytes, *, top: str) -> Asked:
    """What the commands in *listing* make, relative to *top*, each once."""
    objects: dict[str, None] = {}
    impossible: dict[str, str] = {}
    for folder, line in commands(listing, top=top):
        if found := _compiled(folder, line, top):
            objects.setdefault(found)
        elif (match := _NO_RULE.match(line)) and (path := in_tree(folder, match[2], top=top)):
            impossible.setdefault(path, match[1].decode("utf-8", errors="replace"))
    return Asked(tuple(objects), tuple(NotMade(*one) for one in impossible.items()))


def _compiled(folder: str, line: bytes, top: str) -> str | None:
    if short := _SHORT.match(line):
        return os.fsdecode(short[1])
    found = object_of(line)
    return in_tree(folder, found, top=top) if found else None


def causes(
    log: bytes, names: Iterable[str], *, top: str, files: Iterable[PurePosixPath]
) -> Mapping[str, str]:
    """The first complaint in *log* about the making of each of *names*, for people."""
    wanted, said = frozenset(names), dict[str, list[bytes]]()
    lines: list[bytes] = []
    for folder, line in commands(log, top=top):
        if made := _compiled(folder, line, top):
            lines = [b"make: Entering directory '%s'" % folder.encode()]
            if made in wanted:
                said.setdefault(made, lines)
        else:
            lines.append(line)
    paths = tuple(files)
    found = {
        name: first_cause(diagnostics(b"\n".join(lines), top=top, files=paths))
        for name, lines in said.items()
    }
    return {name: f"{place(one)}{one.text}" for name, one in found.items() if one is not None}


def as_json(asked: Asked) -> str:
    """*asked*, to be kept with the tree it is of."""
    return json.dumps(asked)


def from_json(text: str) -> Asked:
    """The inverse of `as_json`."""
    objects, impossible = json.loads(text)
    return Asked(tuple(objects), tuple(NotMade(*one) for one in impossible))
