"""The symbols that a patch takes from elsewhere and a tree has nowhere; and who brought them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import PurePosixPath

from patchkit.history.version import History, Mention, Searchable, Version
from patchkit.inspect.inspection import Missing, Symbol
from patchkit.inspect.symbols import C_SOURCES
from patchkit.inspect.upstream import FAR
from patchkit.patch.model import FileChange
from patchkit.tree.base import Tree

# The kind of a missing file.
FILE = "file"
# Files in which a symbol's first appearance is looked for.
FILES = 6


def absent(names: Iterable[bytes], tree: Tree) -> set[bytes]:
    """Those of *names* that no header of *tree* names and no source defines for others."""
    rest = set(names)
    headers, sources = [], []
    for path in tree.paths() if rest else ():
        if path.suffix == ".h":
            headers.append(path)
        elif path.suffix in C_SOURCES:
            sources.append(path)
    headers.sort(key=lambda path: path.parts[0] != "include")
    for path in (*headers, *sources):
        if not rest:
            break
        data = tree.read(path) or b""
        pattern = _WORD if path.suffix == ".h" else _DEFINED
        rest -= {name for name in rest if name in data and _matches(pattern, name, data)}
    return rest


_WORD = rb"\b%s\b"
# In the first column, where the kernel's style has what other files may call.
_DEFINED = rb"(?m)^(?!static\b)[A-Za-z_][\w \t*]*?\b%s\b|^(?:ENTRY|GLOBAL)\(%s\)|^%s:"


def _matches(pattern: bytes, name: bytes, data: bytes) -> bool:
    return re.search(pattern.replace(b"%s", re.escape(name)), data) is not None


def with_origins(missing: Iterable[Missing], history: Searchable) -> tuple[Missing, ...]:
    """*missing*, each with the commit that brought the symbol, where *history* tells."""
    all_missing = tuple(missing)
    names = [name_of(one.symbol) for one in all_missing if one.symbol.kind != FILE]
    mentions = history.mentions(names) if names else {}
    return tuple(
        _with_file(one, history)
        if one.symbol.kind == FILE
        else _with_origin(one, mentions.get(name_of(one.symbol), ()), history)
        for one in all_missing
    )


def name_of(symbol: Symbol) -> bytes:
    return symbol.name.encode("latin-1")


def _with_file(missing: Missing, history: History) -> Missing:
    path = PurePosixPath(missing.symbol.name)
    first = min(islice(history.changes(path), FAR), key=_place, default=None)
    if first is None:
        return missing
    return missing._replace(origin=history.origin(first.commit), defined_in=first.path)


def _place(version: Version) -> int:
    return version.place


def _with_origin(missing: Missing, mentions: Sequence[Mention], history: History) -> Missing:
    name = name_of(missing.symbol)
    homes = _homes(missing, name, mentions)[:FILES]
    found = [_first_with(name, path, history) for path in homes]
    first = min((one for one in found if one is not None), default=None)
    if first is None:
        return missing
    _, commit, path = first
    return missing._replace(origin=history.origin(commit), defined_in=path)


def _homes(missing: Missing, name: bytes, mentions: Sequence[Mention]) -> list[PurePosixPath]:
    """The files that may define the symbol: those that do so where everyone looks, or else
    beside the file that uses it, or else anywhere. A member needs no form of its own."""
    defining = [
        mention.path
        for mention in mentions
        if _defines(name, mention.line) or missing.symbol.kind == "member"
    ]
    common = [path for path in defining if path.parts[0] == "include"]
    beside = [path for path in defining if path.parent == missing.used_in.parent]
    return list(dict.fromkeys(common or beside or defining))


def _first_with(
    name: bytes, path: PurePosixPath, history: History
) -> tuple[int, str, PurePosixPath] | None:
    """The oldest version of *path* that has the word *name*, if its past can be read that far."""
    for version in sorted(islice(history.changes(path), FAR), key=_place):
        if _matches(_WORD, name, history.text(version) or b""):
            return version.place, version.commit, version.path
    return None


def _defines(name: bytes, line: bytes) -> bool:
    pattern = (
        rb"^\s*#\s*define\s+%s\b|^\w[^=;]*\b%s\s*\(|\b(?:struct|union|enum)\s+%s\s*(?:\{|$)"
        rb"|^\s*typedef\b.*\b%s\b|^extern\b.*\b%s\b|^\s*%s\s*[,=]|^\}.*\b%s\s*;"
    )
    return _matches(pattern, name, line)


def missing_files(changes: Iterable[FileChange], tree: Tree) -> Iterator[Missing]:
    """The files to change that *tree* does not have, under either of their names."""
    for change in changes:
        names = (change.old_path, change.new_path)
        if None not in names and not any(name and tree.mode(name) for name in names):
            yield Missing(Symbol(str(change.old_path), FILE), change.path)


def missing_in(
    used: Iterable[tuple[PurePosixPath, Symbol]],
    here: Mapping[PurePosixPath, bytes | None],
    tree: Tree,
) -> Iterator[Missing]:
    """Of the symbols *used* in each file, those that neither its text *here* nor *tree* has; of
    files whose text is not known, none. Configuration symbols come from another place."""
    wanted = [
        (path, symbol)
        for path, symbol in used
        if (text := here.get(path)) is not None
        and not symbol.name.startswith("CONFIG_")
        and not _matches(_WORD, name_of(symbol), text)
    ]
    gone = absent({name_of(symbol) for _, symbol in wanted}, tree)
    for path, symbol in wanted:
        if name_of(symbol) in gone:
            yield Missing(symbol, path)
