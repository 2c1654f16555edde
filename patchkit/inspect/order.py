"""Which patch of a stack needs which: by the symbols and the lines that one makes and the other
takes, so that patches that nobody numbered can be put in order. No tree is looked at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from heapq import heappop, heappush
from itertools import pairwise
from pathlib import PurePosixPath
from typing import NamedTuple

from patchkit.inspect.inspection import Dependency
from patchkit.inspect.symbols import FileSymbols, symbols
from patchkit.inspect.upon import CERTAIN, upon
from patchkit.patch.model import FileChange


class Member(NamedTuple):
    """One patch of the stack."""

    changes: tuple[FileChange, ...]
    symbols: tuple[FileSymbols, ...]


def member(changes: tuple[FileChange, ...]) -> Member:
    return Member(changes, tuple(symbols(change) for change in changes))


class Order(NamedTuple):
    """Indexes count from 1, as given. ``depends`` is by patch; ``circle`` is empty but where
    patches need each other."""

    order: tuple[int, ...]
    depends: tuple[tuple[Dependency, ...], ...]
    circle: tuple[int, ...] = ()


class _Need(NamedTuple):
    """The patch ``later`` needs that of index ``on``."""

    later: int
    on: int
    why: str


def ordered(members: Sequence[Member], fixed: Iterable[int] = ()) -> Order:
    """What each of *members* needs of the others, and an order in which all is there in time;
    nothing else changes places. Those of index *fixed* keep their order among themselves."""
    given = tuple(range(1, len(members) + 1))
    chain = sorted(fixed)
    needs = _needs(members, frozenset(chain))
    depends = tuple(
        tuple(Dependency(on, why) for on, why in sorted(needs[index].items())) for index in given
    )
    graph = {index: set(found) for index, found in needs.items()}
    for one, other in pairwise(chain):
        graph[other].add(one)
    try:
        return Order(_sorted(graph), depends)
    except CycleError as error:
        return Order(given, depends, tuple(sorted(set(error.args[1]))))


def _needs(members: Sequence[Member], fixed: frozenset[int]) -> dict[int, dict[int, str]]:
    """By patch, those that it needs and the first reason for each."""
    needs: dict[int, dict[int, str]] = {index: {} for index in range(1, len(members) + 1)}
    for index, on, why in (*_by_symbols(members), *_by_lines(members)):
        needs[index].setdefault(on, why)
    for index, found in needs.items():
        for on in [on for on in found if on > index]:
            # Each has something of the other: the order given is as good a guess as there is.
            if index in needs[on] or {index, on} <= fixed:
                del found[on]
    return needs


def _sorted(graph: Mapping[int, Iterable[int]]) -> tuple[int, ...]:
    """Every index below those that it needs, and otherwise as given."""
    sorter = TopologicalSorter(graph)
    sorter.prepare()
    ready: list[int] = []
    order: list[int] = []
    while sorter.is_active():
        for index in sorter.get_ready():
            heappush(ready, index)
        order.append(heappop(ready))
        sorter.done(order[-1])
    return tuple(order)


def _by_symbols(members: Sequence[Member]) -> Iterator[_Need]:
    makers: dict[str, list[tuple[int, FileSymbols]]] = defaultdict(list)
    for index, one in enumerate(members, 1):
        for of_file in one.symbols:
            for name in {symbol.name for symbol in of_file.defines}:
                makers[name].append((index, of_file))
    for index, one in enumerate(members, 1):
        for of_file in one.symbols:
            used = {w.name.decode("latin-1"): None for w in of_file.used if w.kind != "member"}
            for name in used:
                made = [on for on, maker in makers.get(name, ()) if _sees(of_file, maker, name)]
                if index not in made:
                    yield from _likeliest(index, made, f"uses {name}")


def _sees(user: FileSymbols, maker: FileSymbols, name: str) -> bool:
    """Can *user* mean the *name* that *maker* defines?"""
    if user.path == maker.path or name in maker.private:
        return user.path == maker.path
    # A header that lies beside the sources is that folder's own.
    is_own = maker.path.suffix == ".h" and maker.path.parts[0] != "include"
    return not is_own or user.path.is_relative_to(maker.path.parent)


def _likeliest(index: int, makers: Sequence[int], why: str) -> Iterator[_Need]:
    """What several make is in doubt; the last one before is then the likeliest."""
    earlier = [maker for maker in makers if maker < index]
    for maker in earlier[-1:] or makers[:1]:
        yield _Need(index, maker, why)


def _by_lines(members: Sequence[Member]) -> Iterator[_Need]:
    makers: dict[PurePosixPath, list[tuple[int, FileChange]]] = defaultdict(list)
    for index, one in enumerate(members, 1):
        for change in one.changes:
            makers[change.path].append((index, change))
    for index, one in enumerate(members, 1):
        for change in one.changes:
            made = [(on, it) for on, it in makers[change.old_path or change.path] if on != index]
            weights = {on: weight for on, it in made if (weight := upon(change, it))}
            # What a later one offers counts where no earlier one offers as much.
            enough = max((weight for on, weight in weights.items() if on < index), default=0)
            for on, weight in weights.items():
                if on < index or weight > enough:
                    what = (
                        ", made or renamed there" if weight == CERTAIN else " next to lines of it"
                    )
                    yield _Need(index, on, f"changes {change.path}{what}")
