"""Places that hold addresses, and how addresses get from one to another."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import NamedTuple

from patchkit.apis.memory import Allocator


class Node(NamedTuple):
    """A place that holds an address.

    ``kind`` is local, global, member, parameter, result, allocation, mapping or freeing; ``home``
    is the file that keeps its name apart from others, ``owner`` the function; of a parameter
    ``name`` is the index, of the last three the offset. ``depth`` is 1 for what is kept in an
    element of it: the pages in ``pg_vec[i]`` are not the vector that ``pg_vec`` points to.
    """

    kind: str
    home: PurePosixPath
    owner: bytes
    name: bytes
    depth: int = 0

    @property
    def flat(self) -> Node:
        """The place itself, whatever is asked of its elements."""
        return self if self.depth == 0 else self._replace(depth=0)


class Edge(NamedTuple):
    """An address goes from *source* to *target* in that function, and what is at it goes along.

    ``added`` marks what is added to another address: it may be one, but nobody would look for the
    allocation there.
    """

    source: Node
    target: Node
    file: PurePosixPath
    function: bytes
    offset: int
    added: bool = False


class Allocation(NamedTuple):
    """A call of an allocator."""

    allocator: Allocator
    arguments: tuple[bytes, ...]
    file: PurePosixPath
    function: bytes
    offset: int


class Reached(NamedTuple):
    """What a search found: for each node the edge by which it was reached and the node before it;
    None at the start."""

    steps: dict[Node, tuple[Edge, Node] | None]

    def of_kind(self, kind: str) -> list[Node]:
        """The nodes of that *kind*, not their elements, those nearest the start first."""
        return [node for node in self.steps if node.kind == kind and node.depth == 0]

    def path(self, node: Node) -> tuple[Edge, ...]:
        """The edges between the start and *node*, those nearest the start first."""
        found: list[Edge] = []
        step = self.steps.get(node)
        while step is not None:
            found.append(step[0])
            step = self.steps.get(step[1])
        return tuple(reversed(found))
