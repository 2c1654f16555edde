"""The tree as one program: files on demand, what they include, who defines and who calls what."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import PurePosixPath

from patchkit.csource.conditions import Known
from patchkit.csource.facts import Call, Initialiser
from patchkit.csource.functions import Function
from patchkit.csource.lexical import whole_words
from patchkit.csource.unit import Unit
from patchkit.errors import HostError
from patchkit.tree.base import Tree

_SOURCES = (".c", ".h")
_HEADERS_DEEP = 3
# linux/sched.h includes half of include/; what a driver's own value is a member of isn't there.
_HEADERS_AT_MOST = 150
# The home of members whose struct no header of this tree defines: part of a tree was given.
UNSEEN = PurePosixPath("include/unseen")
_INCLUDE = re.compile(rb'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"\n]+)[>"]', re.MULTILINE)
_DECLARED = re.compile(rb"\s*[;,\[:)]")


class Program:
    """Kernel sources with a memory; *texts* are files that were read already."""

    def __init__(
        self,
        tree: Tree,
        known: Known,
        texts: Mapping[PurePosixPath, bytes],
        make_unit: Callable[[PurePosixPath, bytes, Known], Unit] = Unit,
    ) -> None:
        self._tree = tree
        self._known = known
        self._texts: dict[PurePosixPath, bytes | None] = dict(texts)
        self._make_unit = make_unit
        self._units: dict[PurePosixPath, Unit] = {}
        self._folders: dict[PurePosixPath, tuple[PurePosixPath, ...]] = {}
        self._defined: dict[tuple[bytes, PurePosixPath], tuple[PurePosixPath, ...]] = {}
        self._direct: dict[PurePosixPath, tuple[PurePosixPath, ...]] = {}
        self._headers: dict[PurePosixPath, tuple[PurePosixPath, ...]] = {}
        self._mentioned: dict[tuple[bytes, str], tuple[PurePosixPath, ...]] = {}
        self._declaring: dict[bytes, dict[PurePosixPath, bool]] = {}
        self._homes: dict[tuple[PurePosixPath, bytes], PurePosixPath] = {}

    def text(self, path: PurePosixPath) -> bytes | None:
        """The file's bytes; None where there is none, or none that can be read."""
        if path not in self._texts:
            try:
                self._texts[path] = self._tree.read(path)
            except HostError:
                self._texts[path] = None
        return self._texts[path]

    def unit(self, path: PurePosixPath) -> Unit | None:
        if path not in self._units:
            text = self.text(path)
            if text is None:
                return None
            self._units[path] = self._make_unit(path, text, self._known)
        return self._units[path]

    def sources(self, folder: PurePosixPath) -> tuple[PurePosixPath, ...]:
        """The C files at or below *folder*."""
        if folder not in self._folders:
            paths = self._tree.paths(folder)
            self._folders[folder] = tuple(path for path in paths if path.suffix in _SOURCES)
        return self._folders[folder]

    def mentioning(self, word: bytes, folder: PurePosixPath) -> Iterator[Unit]:
        """The C files at or below *folder* in which *word* stands."""
        key = (word, str(folder))
        if key not in self._mentioned:
            self._mentioned[key] = tuple(self._paths_with(word, folder))
        for path in self._mentioned[key]:
            unit = self.unit(path)
            if unit is not None:
                yield unit

    def _paths_with(self, word: bytes, folder: PurePosixPath) -> Iterator[PurePosixPath]:
        for path in self.sources(folder):
            text = self.text(path)
            if text is not None and next(whole_words(text, word), None) is not None:
                yield path

    def headers(self, unit: Unit) -> tuple[PurePosixPath, ...]:
        """The tree's headers that *unit* includes, also through others; a driver's own first."""
        if unit.path not in self._headers:
            found: dict[PurePosixPath, None] = {}
            level = [unit.path]
            for _ in range(_HEADERS_DEEP):
                fresh = dict.fromkeys(path for each in level for path in self._includes(each))
                level = _local_first(path for path in fresh if path not in found)
                found.update(dict.fromkeys(level[: _HEADERS_AT_MOST - len(found)]))
            self._headers[unit.path] = tuple(_local_first(found))
        return self._headers[unit.path]

    def _includes(self, path: PurePosixPath) -> tuple[PurePosixPath, ...]:
        if path not in self._direct:
            self._direct[path] = tuple(self._included(path))
        return self._direct[path]

    def _included(self, path: PurePosixPath) -> Iterator[PurePosixPath]:
        for found in _INCLUDE.finditer(self.text(path) or b""):
            spelled = found[2].decode("latin-1")
            places = [PurePosixPath("include") / spelled]
            if spelled.startswith("asm/"):
                places = [PurePosixPath("include/asm-i386") / spelled[4:]]
            beside = _joined(path.parent, spelled)
            if found[1] == b'"' and beside is not None:
                places.insert(0, beside)
            for place in places:
                if ".." not in place.parts and self.text(place) is not None:
                    yield place
                    break

    def home_of_member(self, unit: Unit, member: bytes) -> PurePosixPath:
        """The file whose struct has *member*, as *unit* sees it; UNSEEN where none is found."""
        key = (unit.path, member)
        if key not in self._homes:
            self._homes[key] = self._home(unit, member)
        return self._homes[key]

    def _home(self, unit: Unit, member: bytes) -> PurePosixPath:
        if member in unit.members:
            return unit.path
        declaring = self._declaring.setdefault(member, {})
        for path in self.headers(unit):
            if path not in declaring:
                declaring[path] = self._declares(path, member)
            if declaring[path]:
                return path
        return UNSEEN

    def _declares(self, path: PurePosixPath, member: bytes) -> bool:
        text = self.text(path)
        if text is None or member not in text:
            return False
        if not any(_DECLARED.match(text, at + len(member)) for at in whole_words(text, member)):
            return False
        header = self.unit(path)
        return header is not None and member in header.members

    def is_ambiguous(self, unit: Unit, member: bytes) -> bool:
        """Do several structs of *unit* and the driver's own headers have that *member*?"""
        own = [path for path in self.headers(unit) if path.parts[0] != "include"]
        units = [unit, *(header for header in map(self.unit, own) if header is not None)]
        return sum(each.declarations_of(member) for each in units if member in each.source) > 1

    def struct_members(self, unit: Unit, name: bytes) -> tuple[bytes, ...]:
        """The members of ``struct name`` in order, from *unit* or what it includes."""
        for path in (unit.path, *self.headers(unit)):
            text = self.text(path)
            if text is not None and name in text:
                found = self.unit(path)
                members = found.struct_members(name) if found else ()
                if members:
                    return members
        return ()

    def slot(self, unit: Unit, made: Initialiser, member: bytes) -> bytes | None:
        """What the initialiser *made* puts into *member*, by name or by position."""
        positional = None
        for slot in made.slots:
            if slot.field == member:
                return slot.value
            if slot.field is None and positional is None:
                order = self.struct_members(unit, made.type)
                positional = order.index(member) if member in order else -1
            if slot.field is None and slot.position == positional:
                return slot.value
        return None

    def definitions(self, name: bytes, near: Unit) -> Iterator[tuple[Unit, Function]]:
        """The function that *near* means by *name*: its own, else those beside it."""
        if name in near.by_name:
            yield near, near.by_name[name]
            return
        folder = near.path.parent
        if (name, folder) not in self._defined:
            self._defined[name, folder] = tuple(self._defining(name, folder))
        for path in self._defined[name, folder]:
            unit = self.unit(path)
            function = unit.by_name.get(name) if unit else None
            if unit and function and not unit.is_static(function):
                yield unit, function

    def _defining(self, name: bytes, folder: PurePosixPath) -> Iterator[PurePosixPath]:
        """The files at or below *folder* with a line that looks like *name*'s definition."""
        header = re.compile(rb"^(?![#\s])[^\n;=]*\b" + re.escape(name) + rb"\s*\(", re.MULTILINE)
        for path in self.sources(folder):
            text = self.text(path)
            if text is not None and name in text and header.search(text):
                yield path

    def callers(self, unit: Unit, function: Function) -> Iterator[tuple[Unit, Function, Call]]:
        """The direct calls of *function*, a static one's in its own file only."""
        for place in self._reach(unit, function):
            for caller in place.functions_with(function.name):
                if caller.name == function.name:
                    continue
                for call in place.body(caller).calls:
                    if call.name == function.name and call.base is None:
                        yield place, caller, call

    def _reach(self, unit: Unit, function: Function) -> Iterable[Unit]:
        if unit.is_static(function):
            return (unit,)
        folder = unit.path.parent
        near = tuple(self.mentioning(function.name, folder))
        outside = [u for u in near if u.path != unit.path and u.path.suffix == ".c"]
        if outside or len(folder.parts) < 2:
            return near
        return tuple(self.mentioning(function.name, folder.parent))


def _local_first(paths: Iterable[PurePosixPath]) -> list[PurePosixPath]:
    return sorted(paths, key=lambda path: path.parts[0] == "include")


def _joined(folder: PurePosixPath, spelled: str) -> PurePosixPath | None:
    """*spelled* as seen from *folder*, without ``..``; None where it leaves the tree."""
    parts = list(folder.parts)
    for part in PurePosixPath(spelled).parts:
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part == "/":
            return None
        else:
            parts.append(part)
    return PurePosixPath(*parts)
