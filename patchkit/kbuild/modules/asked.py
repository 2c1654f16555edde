"""The modules that make is to make, out of what it lists beforehand."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import NamedTuple

from patchkit.kbuild.commands import commands, in_tree
from patchkit.kbuild.newcc.listing import compiled_sources
from patchkit.kbuild.objects import Asked, NotMade, asked_for

# what declared.mk prints of each module of a Kconfig tree
_DECLARED = re.compile(rb"patchkit-module (\S+) :(.*)")
_LINKED = re.compile(rb"^(?:\S*/)?ld\s.*\s-r\s(?:.*\s)?-o\s+(\S+\.o)\s(.*)")


class Module(NamedTuple):
    """A module, and the objects that it is linked of; none where 2.4 takes an object as it is."""

    name: str
    parts: tuple[str, ...]


class AskedModules(NamedTuple):
    """The modules to make, their objects, the sources of these, and what make can't make."""

    modules: tuple[Module, ...]
    objects: Asked
    sources: frozenset[PurePosixPath]


def asked_modules(listing: bytes, *, top: str) -> AskedModules:
    """What ``make -n modules`` printed, or `declared.mk`; names are relative to *top*."""
    objects = asked_for(listing, top=top)
    sources = compiled_sources(listing, top=top)
    declared = tuple(_declared(listing))
    if declared:
        return AskedModules(declared, objects, sources)
    linked = dict(_linked(listing, top))
    inner = {part for parts in linked.values() for part in parts}
    lacking = (one.name for one in objects.impossible if one.name.endswith(".o"))
    every = dict.fromkeys((*objects.objects, *lacking, *linked))
    modules = (Module(name, linked.get(name, ())) for name in every if name not in inner)
    return AskedModules(tuple(sorted(modules)), objects, sources)


def _declared(listing: bytes) -> Iterator[Module]:
    found = {
        match[1].decode("utf-8", errors="replace"): match[2].decode("utf-8", errors="replace")
        for match in map(_DECLARED.match, listing.split(b"\n"))
        if match
    }
    for name in sorted(found):
        yield Module(f"{name[:-2]}.ko", tuple(found[name].split()) or (name,))


def _linked(listing: bytes, top: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each object that is made of others, with these."""
    for folder, line in commands(listing, top=top):
        match = _LINKED.match(line)
        name = in_tree(folder, match[1], top=top) if match else None
        if match and name:
            words = (word for word in match[2].split() if word.endswith(b".o"))
            parts = (in_tree(folder, word, top=top) for word in words)
            yield name, tuple(part for part in parts if part)


def as_json(asked: AskedModules) -> str:
    """*asked*, to be kept with the tree it is of."""
    sources = sorted(map(str, asked.sources))
    return json.dumps([asked.modules, asked.objects, sources])


def from_json(text: str) -> AskedModules:
    """The inverse of `as_json`."""
    modules, (objects, impossible), sources = json.loads(text)
    return AskedModules(
        tuple(Module(name, tuple(parts)) for name, parts in modules),
        Asked(tuple(objects), tuple(NotMade(*one) for one in impossible)),
        frozenset(map(PurePosixPath, sources)),
    )
