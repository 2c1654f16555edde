"""Which patch of a series needs which: by the symbols and the lines that one makes and the other
takes, so that a stack of mails can be put in order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from typing import NamedTuple

from patchkit.inspect.inspection import Dependency
from patchkit.inspect.symbols import FileSymbols
from patchkit.patch.model import FileChange, Kind
from patchkit.port.ladder.place import TRIVIAL
from patchkit.port.text import key

# Shorter lines stand in many places of a file.
TELLING = 8


class Member(NamedTuple):
    """One patch of the series."""

    changes: tuple[FileChange, ...]
    symbols: tuple[FileSymbols, ...]


class Order(NamedTuple):
    """Indexes count from 1, as given. ``depends`` is by patch; ``circle`` is empty but where
    patches need each other."""

    order: tuple[int, ...]
    depends: tuple[tuple[Dependency, ...], ...]
    circle: tuple[int, ...] = ()


@dataclass(slots=True)
class _Makers:
    """Who makes what: symbols, files, and lines of a file."""

    symbols: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    files: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    lines: dict[tuple[str, bytes], list[int]] = field(default_factory=lambda: defaultdict(list))

    def add(self, index: int, member: Member) -> None:
        for symbols in member.symbols:
            for one in symbols.defines:
                self.symbols[one.name].append(index)
        for change in member.changes:
            if change.new_path is not None and change.old_path != change.new_path:
                self.files[str(change.new_path)].append(index)
            for text in _lines(change, Kind.ADDED):
                self.lines[str(change.path), text].append(index)


def ordered(members: Sequence[Member]) -> Order:
    """What each of *members* needs of the others, and an order in which all is there in time."""
    makers = _Makers()
    for index, member in enumerate(members, 1):
        makers.add(index, member)
    needs = [_needs(index, member, makers) for index, member in enumerate(members, 1)]
    for index, found in enumerate(needs, 1):
        # Each has lines of the other: the order given is as good a guess as there is.
        for on in [on for on in found if on > index and index in needs[on - 1]]:
            del found[on]
    depends = tuple(
        tuple(Dependency(on, why) for on, why in sorted(found.items())) for found in needs
    )
    given = tuple(range(1, len(members) + 1))
    graph = {index: list(needs[index - 1]) for index in given}
    try:
        return Order(_sorted(graph), depends)
    except CycleError as error:
        return Order(given, depends, tuple(sorted(set(error.args[1]))))


def _sorted(graph: dict[int, list[int]]) -> tuple[int, ...]:
    """Every index below those that it needs, and otherwise as given."""
    sorter = TopologicalSorter(graph)
    sorter.prepare()
    ready: list[int] = []
    order: list[int] = []
    while sorter.is_active():
        ready = sorted([*ready, *sorter.get_ready()])
        order.append(ready.pop(0))
        sorter.done(order[-1])
    return tuple(order)


def _needs(index: int, member: Member, makers: _Makers) -> dict[int, str]:
    """The patches that *member* needs, and the first reason for each."""
    found: dict[int, str] = {}
    for symbols in member.symbols:
        own = {symbol.name for symbol in symbols.defines}
        for word in symbols.used:
            name = word.name.decode("latin-1")
            if name not in own:
                _note(found, index, makers.symbols.get(name, ()), f"uses {name}")
    for change in member.changes:
        source = str(change.old_path or change.path)
        if change.old_path is not None:
            _note(found, index, makers.files.get(source, ()), f"changes {source}, made there")
        for text in _lines(change, Kind.CONTEXT, Kind.REMOVED):
            why = f"changes {source} next to lines of it"
            _note(found, index, makers.lines.get((source, text), ()), why)
    return found


def _note(found: dict[int, str], index: int, makers: Sequence[int], why: str) -> None:
    # What several make is in doubt; the last one before is then the likeliest.
    earlier = [maker for maker in makers if maker < index]
    if index in makers and not earlier:
        return
    for maker in earlier[-1:] or [maker for maker in makers if maker != index][:1]:
        found.setdefault(maker, why)


def _lines(change: FileChange, *kinds: Kind) -> set[bytes]:
    texts = {key(ln.text) for hunk in change.hunks for ln in hunk.lines if ln.kind in kinds}
    return {text for text in texts if text not in TRIVIAL and len(text) >= TELLING}
