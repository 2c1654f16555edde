"""Tree → the files to audit, and the sites in them."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from patchkit.audit.report import AuditReport
from patchkit.audit.site import Alias, FileSites, Unreadable
from patchkit.audit.sites import Aliases, aliases, file_sites, is_candidate
from patchkit.audit.version_code import known_macros
from patchkit.csource.conditions import Known
from patchkit.errors import HostError, InputError
from patchkit.tree.base import Mode, Tree

_MANY = 100
C_SOURCES = frozenset((".c", ".h", ".S", ".inc", ".cc", ".cpp", ".hpp"))
# Where the primitives were defined over the years.
_THEIR_HEADERS = tuple(
    PurePosixPath("include/linux") / name for name in ("mm.h", "page-flags.h", "wrapper.h")
)
_LINK_AT_MOST = 4096  # PATH_MAX: what is longer is no symbolic link, and needs no look
_LINKS_AT_MOST = 40  # as the kernel's own limit
_LINK = "is a symbolic link that leads to no file of the tree; not followed"
_NO_SOURCE = "is a file, no folder; no C source by its name, and no site in it"


@dataclass(frozen=True, slots=True)
class Sited:
    """The sites of a tree, and the files they were looked for in, as far as they were kept."""

    files: tuple[FileSites, ...]
    unreadable: tuple[Unreadable, ...]
    texts: Mapping[PurePosixPath, bytes]
    known: Known


def audit_sites(tree: Tree, asked: Sequence[PurePosixPath]) -> AuditReport:
    """Every reserve site at or below the *asked* paths of *tree*, unjudged.

    Raises:
        InputError: the tree has no such path.
    """
    sited = find_sites(tree, asked, keep=())
    return AuditReport(tree.name, sited.files, sited.unreadable)


def find_sites(tree: Tree, asked: Sequence[PurePosixPath], *, keep: tuple[bytes, ...]) -> Sited:
    """The sites at or below the *asked* paths. The texts of files with a site are kept, and of C
    with one of *keep* in it; to keep all would take 150 MB more for v2.6.0.

    Raises:
        InputError: the tree has no such path.
    """
    files = audited_files(tree, asked)
    known = known_macros(tree)
    unreadable: list[Unreadable] = []
    read = audited_texts(tree, files, unreadable)
    texts = {
        path: data
        for path, data in read
        if is_candidate(data)
        or (path.suffix in (".c", ".h") and any(needle in data for needle in keep))
    }
    named = _header_aliases(tree, files, texts)
    if named:  # calls of an alias may be anywhere
        again = audited_texts(tree, (path for path in files if path not in texts), [])
        texts |= {path: data for path, data in again if _visible(path, data, named)}
    found = tuple(_with_sites(texts, known, named))
    return Sited(found, tuple(unreadable), texts, known)


def audited_files(tree: Tree, asked: Sequence[PurePosixPath]) -> tuple[PurePosixPath, ...]:
    """The C sources at or below the *asked* paths; a file that is named itself may be anything."""
    found: dict[PurePosixPath, None] = {}
    for path in asked:
        below = tuple(tree.paths(path))
        if not below:
            raise InputError(f"{path}: not in {tree.name}; paths are relative to the tree's top")
        found.update(dict.fromkeys(p for p in below if p.suffix in C_SOURCES or p == path))
    return tuple(sorted(found))


def readable(
    tree: Tree, files: Iterable[PurePosixPath], unreadable: list[Unreadable]
) -> Iterator[tuple[PurePosixPath, bytes]]:
    """The *files* with their bytes; those that can't be read are added to *unreadable*."""
    for path in files:
        try:
            data = tree.read(path)
        except HostError as error:
            unreadable.append(Unreadable(path, str(error)))
            continue
        if data is not None:
            yield path, data


def audited_texts(
    tree: Tree,
    files: Iterable[PurePosixPath],
    unreadable: list[Unreadable],
    holds: Callable[[bytes], bool] = is_candidate,
) -> Iterator[tuple[PurePosixPath, bytes]]:
    """The *files* that are sources, with their bytes; what only looks like one, and *holds* no site
    either, is *unreadable*."""
    for path, data in readable(tree, files, unreadable):
        if len(data) < _LINK_AT_MOST and tree.mode(path) is Mode.LINK:
            if path.suffix not in C_SOURCES or not _leads_to_a_file(tree, path):
                unreadable.append(Unreadable(path, f"{path}: {_LINK}"))
        elif path.suffix not in C_SOURCES and not holds(data):
            unreadable.append(Unreadable(path, f"{path}: {_NO_SOURCE}"))
        else:
            yield path, data


def _leads_to_a_file(tree: Tree, link: PurePosixPath) -> bool:
    """Is *link* another name for a file of *tree*? That file is audited under its own."""
    for _ in range(_LINKS_AT_MOST):
        if tree.mode(link) is not Mode.LINK:
            return tree.mode(link) is not None
        target = os.fsdecode(tree.read(link) or b"")
        link = PurePosixPath(posixpath.normpath(posixpath.join(link.parent, target)))
    return False


def _header_aliases(
    tree: Tree, files: Sequence[PurePosixPath], texts: Mapping[PurePosixPath, bytes]
) -> tuple[Alias, ...]:
    """Aliases defined in the *texts*, in the headers of the primitives themselves, and beside a
    single file that was asked for."""
    beside = [path for path in _THEIR_HEADERS if path not in texts]
    if len(files) == 1:
        beside += [p for p in tree.paths(files[0].parent) if p.suffix == ".h" and p != files[0]]
    return tuple(
        alias
        for path, data in (*texts.items(), *readable(tree, beside, []))
        if is_candidate(data)
        for alias in aliases(path, data)
    )


def _with_sites(
    texts: Mapping[PurePosixPath, bytes], known: Known, named: tuple[Alias, ...]
) -> Iterator[FileSites]:
    for path, data in sorted(texts.items()):
        seen = _visible(path, data, named)
        if seen or is_candidate(data):
            found = file_sites(path, data, known, seen)
            if found.sites:
                yield found


def _visible(path: PurePosixPath, data: bytes, named: tuple[Alias, ...]) -> Aliases:
    """The aliases in *data* that *path* defines itself or includes: by the header's own name, and
    from include/ by way of any other header (mm/bootmem.c of 2.6.9 says __ClearPageReserved)."""
    if len(named) > _MANY:  # a word list costs more than some searches, and less than many
        words = set(re.findall(rb"\w+", data))
        named = tuple(alias for alias in named if alias.name.encode("latin-1") in words)[:_MANY]
    return {
        alias.name.encode("latin-1"): alias
        for alias in named
        if alias.name.encode("latin-1") in data
        and (
            alias.file == path
            or alias.file.parts[0] == "include"
            or alias.file.name.encode() in data
        )
    }
