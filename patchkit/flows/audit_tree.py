"""Tree → the sites of the paths asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePosixPath

from patchkit.audit.site import Alias, FileSites, SiteReport, Unreadable
from patchkit.audit.sites import Aliases, aliases, file_sites, is_candidate
from patchkit.audit.version_code import known_macros
from patchkit.csource.conditions import Known
from patchkit.errors import HostError, InputError
from patchkit.tree.base import Tree

C_SOURCES = frozenset((".c", ".h", ".S", ".inc", ".cc", ".cpp", ".hpp"))


def audit_tree(tree: Tree, asked: Sequence[PurePosixPath]) -> SiteReport:
    """Every reserve site at or below the *asked* paths of *tree*.

    Raises:
        InputError: the tree has no such path.
    """
    files = audited_files(tree, asked)
    known = known_macros(tree)
    unreadable: list[Unreadable] = []
    candidates = {path: data for path, data in _read(tree, files, unreadable) if is_candidate(data)}
    named = _header_aliases(tree, files, candidates)
    if named:
        candidates.update(_calling(tree, files, named))
    return SiteReport(
        tree.name,
        tuple(_with_sites(candidates, known, named)),
        tuple(unreadable),
    )


def audited_files(tree: Tree, asked: Sequence[PurePosixPath]) -> tuple[PurePosixPath, ...]:
    """The C sources at or below the *asked* paths; a file that is named itself may be anything."""
    found: dict[PurePosixPath, None] = {}
    for path in asked:
        below = tuple(tree.paths(path))
        if not below:
            raise InputError(f"{path}: not in {tree.name}; paths are relative to the tree's top")
        found.update(dict.fromkeys(p for p in below if p.suffix in C_SOURCES or p == path))
    return tuple(sorted(found))


def _read(
    tree: Tree, files: Iterable[PurePosixPath], unreadable: list[Unreadable]
) -> Iterator[tuple[PurePosixPath, bytes]]:
    for path in files:
        try:
            data = tree.read(path)
        except HostError as error:
            unreadable.append(Unreadable(path, str(error)))
            continue
        if data is not None:
            yield path, data


def _header_aliases(
    tree: Tree, files: Sequence[PurePosixPath], candidates: dict[PurePosixPath, bytes]
) -> tuple[Alias, ...]:
    """Aliases of the candidates, and of headers that stand beside an audited file."""
    asked = set(files)
    folders = {path.parent for path in files if len(asked) == 1}
    beside = [
        path
        for folder in folders
        for path in tree.paths(folder)
        if path.parent == folder and path.suffix == ".h" and path not in asked
    ]
    texts = [*candidates.items(), *_read(tree, beside, [])]
    return tuple(
        alias for path, data in texts if is_candidate(data) for alias in aliases(path, data)
    )


def _calling(
    tree: Tree, files: Iterable[PurePosixPath], named: tuple[Alias, ...]
) -> Iterator[tuple[PurePosixPath, bytes]]:
    needles = {alias.name.encode("latin-1") for alias in named}
    for path, data in _read(tree, files, []):
        if any(needle in data for needle in needles):
            yield path, data


def _with_sites(
    candidates: dict[PurePosixPath, bytes], known: Known, named: tuple[Alias, ...]
) -> Iterator[FileSites]:
    for path, data in sorted(candidates.items()):
        found = file_sites(path, data, known, _visible(path, data, named))
        if found.sites:
            yield found


def _visible(path: PurePosixPath, data: bytes, named: tuple[Alias, ...]) -> Aliases:
    """The aliases that *path* defines itself or includes, by the header's own name."""
    return {
        alias.name.encode("latin-1"): alias
        for alias in named
        if alias.file == path or (alias.file.suffix == ".h" and alias.file.name.encode() in data)
    }
