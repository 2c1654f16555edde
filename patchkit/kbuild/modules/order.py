"""Which module needs which, the order to load them in, and both as ``modules.dep``."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath

from patchkit.kbuild.modules.elf import Symbols

Needs = Mapping[PurePosixPath, tuple[PurePosixPath, ...]]
_EXPORTED = re.compile(rb"^[0-9a-f]+ \S __ksymtab_(\w+)$", re.MULTILINE)


def needs(modules: Mapping[PurePosixPath, Symbols]) -> Needs:
    """The modules that each one needs directly, sorted; of two that give one name, the first."""
    giver: dict[str, PurePosixPath] = {}
    for path in sorted(modules):
        for name in modules[path].gives:
            giver.setdefault(name, path)
    return {
        path: tuple(
            sorted({giver[name] for name in one.needs | one.weak if name in giver} - {path})
        )
        for path, one in sorted(modules.items())
    }


def load_order(needed: Needs) -> tuple[PurePosixPath, ...]:
    """Every module behind those that it needs; where they need each other, by name."""
    found: dict[PurePosixPath, None] = {}
    for path in needed:
        for one in _with_needed(path, needed):
            found.setdefault(one)
    return tuple(found)


def _with_needed(path: PurePosixPath, needed: Needs) -> Iterator[PurePosixPath]:
    """All that *path* needs, deepest first, and *path*."""
    done: set[PurePosixPath] = set()
    waiting = [(path, False)]
    while waiting:
        one, below_done = waiting.pop()
        if below_done:
            yield one
        elif one not in done:
            done.add(one)
            waiting += [(one, True), *((below, False) for below in reversed(needed[one]))]


def modules_dep(needed: Needs, prefix: str) -> bytes:
    """``modules.dep``: each module, and all that it needs, nearest first; *prefix* stands before
    each name. modutils of 2.4 want whole paths there, kmod those below the release's folder."""
    lines = []
    for path in needed:
        below = [one for one in _with_needed(path, needed) if one != path]
        lines.append(" ".join((f"{prefix}{path}:", *(f"{prefix}{one}" for one in below[::-1]))))
    return os.fsencode("".join(f"{line}\n" for line in lines))


def exported(system_map: bytes) -> frozenset[str]:
    """What a kernel with *system_map* gives to modules; empty where the map does not say."""
    return frozenset(name.decode() for name in _EXPORTED.findall(system_map))


def unresolved(
    modules: Mapping[PurePosixPath, Symbols], kernel: Iterable[str]
) -> dict[PurePosixPath, tuple[str, ...]]:
    """For each module the symbols that neither *kernel* nor another module gives, if any."""
    given = set(kernel).union(*(one.gives for one in modules.values()))
    lacking = {path: tuple(sorted(one.needs - given)) for path, one in modules.items()}
    return {path: names for path, names in lacking.items() if names}
