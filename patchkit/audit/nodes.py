"""Places that hold addresses, and how addresses get from one to another."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import NamedTuple

from patchkit.apis.memory import Allocator


class Node(NamedTuple):
    """A place that holds an address.

    ``kind`` is local, global, member, parameter, result, allocation, mapping or freeing; ``home``
    is the file that keeps its name apart from others, ``owner`` the function; of a parameter
    ``name`` is the index, of the last three the offset.
    """

    kind: str
    home: PurePosixPath
    owner: bytes
    name: bytes


class Edge(NamedTuple):
    """An address goes from *source* to *target* in that function.

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
    """What a search found: for each node the edge by which it was reached, None at the start."""

    edges: dict[Node, Edge | None]

    def path(self, node: Node) -> tuple[Edge, ...]:
        """The edges between the start and *node*, those nearest the start first."""
        found: list[Edge] = []
        edge = self.edges.get(node)
        while edge is not None:
            found.append(edge)
            following = edge.source if edge.target == node else edge.target
            edge, node = self.edges.get(following), following
        return tuple(reversed(found))
