"""What was worked out of one C file, as bytes and back, for who has a place to keep it."""

from __future__ import annotations

import marshal
from typing import Any, NamedTuple

from patchkit.csource.conditions import Region
from patchkit.csource.facts import Assignment, Body, Call, Local, Loop, Return
from patchkit.csource.functions import Block, Function


class Kept(NamedTuple):
    """The dear part of a file's facts; ``bodies`` by the start of their function, those asked for.

    True for the very bytes of the file and the macros that settled its conditionals.
    """

    branches: tuple[Region, ...]
    functions: tuple[Function, ...]
    blocks: tuple[Block, ...]
    bodies: dict[int, Body]


def dumped(kept: Kept) -> bytes:
    """*kept* as bytes; never pickled, so that reading them back runs nothing."""
    return marshal.dumps(
        (
            [(r.start, r.end, r.condition, r.holds) for r in kept.branches],
            [(f.name, f.start, f.body, f.end, f.parameters) for f in kept.functions],
            [(b.start, b.brace, b.end) for b in kept.blocks],
            {
                start: tuple(tuple(map(tuple, each)) for each in b)
                for start, b in kept.bodies.items()
            },
        )
    )


def loaded(stored: bytes) -> Kept | None:
    """What :func:`dumped` wrote; None where it is something else."""
    try:
        branches, functions, blocks, bodies = marshal.loads(stored)
        return Kept(
            tuple(Region(*each) for each in branches),
            tuple(Function(*each) for each in functions),
            tuple(Block(*each) for each in blocks),
            {start: _body(*each) for start, each in bodies.items()},
        )
    except (ValueError, EOFError, TypeError, AttributeError):
        return None


def _body(calls: Any, assignments: Any, returns: Any, loops: Any, names: Any, gaps: Any) -> Body:
    return Body(
        tuple(Call(*each) for each in calls),
        tuple(Assignment(*each) for each in assignments),
        tuple(Return(*each) for each in returns),
        tuple(Loop(*each) for each in loops),
        tuple(Local(*each) for each in names),
        tuple((start, end) for start, end in gaps),
    )
