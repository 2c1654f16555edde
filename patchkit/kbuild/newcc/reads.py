"""Which files a build reads, and what the rules need to know of all of them together."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import PurePosixPath

from patchkit.kbuild.newcc.accessor_macros import assigned_macros
from patchkit.kbuild.newcc.early_arrays import early_arrays
from patchkit.kbuild.newcc.fastcall_definitions import fastcall_names
from patchkit.kbuild.newcc.qualifiers import declared
from patchkit.kbuild.newcc.rule import TreeFacts
from patchkit.kbuild.newcc.static_definitions import exposed_names, inlined_names
from patchkit.kbuild.newcc.traditional_macros import variadic_folders

_INCLUDE = re.compile(rb"^[ \t]*#[ \t]*include[ \t]*[<\"]([^>\"\n]+)[>\"]", re.MULTILINE)
Path = PurePosixPath


def files_read(
    roots: Iterable[Path], read: Callable[[Path], bytes | None], arch: str
) -> tuple[dict[Path, bytes], dict[Path, frozenset[Path]]]:
    """The files *roots* and all they may include, with their texts; and who includes whom.

    Every ``#include`` counts, whatever ``#if`` it stands under.
    """
    # most headers are included many times over
    known = cache(read)
    texts: dict[Path, bytes] = {}
    includes: dict[Path, frozenset[Path]] = {}
    waiting = list(roots)
    while waiting:
        path = waiting.pop()
        text = known(path)
        if path in texts or text is None:
            continue
        texts[path] = text
        found = [
            _candidates(path, os_name.decode("latin-1"), arch) for os_name in _INCLUDE.findall(text)
        ]
        wanted = [next((c for c in names if known(c) is not None), None) for names in found]
        includes[path] = frozenset(name for name in wanted if name is not None)
        waiting += includes[path]
    return texts, includes


def _candidates(path: Path, name: str, arch: str) -> tuple[Path, ...]:
    """Where the include *name* of *path* may be, best first."""
    if name.startswith("asm/"):
        return (Path("include", f"asm-{arch}", name[4:]),)
    beside = Path(*_normal((*path.parent.parts, *Path(name).parts)))
    return (beside, Path("include") / name)


def _normal(parts: Iterable[str]) -> list[str]:
    kept: list[str] = []
    for part in parts:
        if part == "..":
            kept = kept[:-1]
        elif part != ".":
            kept.append(part)
    return kept


def tree_facts(texts: Mapping[Path, bytes], includes: Mapping[Path, frozenset[Path]]) -> TreeFacts:
    """Gather what the rules need to know across files."""
    reaches = _Closure(includes)
    early, late = early_arrays(texts, reaches)
    headers = [text for path, text in texts.items() if path.suffix == ".h"]
    exposed = exposed_names(texts, reaches)
    return TreeFacts(
        fastcall_names(texts.values()),
        early,
        late,
        declared(headers),
        exposed,
        inlined_names(texts, reaches, exposed),
        assigned_macros(texts.values()),
        variadic_folders(texts),
    )


class _Closure(dict[Path, frozenset[Path]]):
    """Transitive includes, worked out when asked for."""

    def __init__(self, includes: Mapping[Path, frozenset[Path]]) -> None:
        super().__init__()
        self._includes = includes

    def get(self, path: Path, default: object = None) -> frozenset[Path]:
        if path not in self:
            reached: set[Path] = set()
            waiting = [path]
            while waiting:
                new = self._includes.get(waiting.pop(), frozenset()) - reached
                reached |= new
                waiting += new
            self[path] = frozenset(reached)
        return self[path]
