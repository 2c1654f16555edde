"""What a rewrite rule is, and what it knows of the other files of the tree."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from patchkit.csource.edit import Edit
from patchkit.kbuild.newcc.source import Source


@dataclass(frozen=True, slots=True)
class TreeFacts:
    """What rules need to know of the whole build: gathered once, from all files it reads."""

    # functions that some prototype puts into registers
    fastcall: frozenset[bytes] = frozenset()
    # array declarations to move: file that has it → names; file that gets it → struct, text
    early_arrays: Mapping[PurePosixPath, frozenset[bytes]] = field(default_factory=dict)
    late_arrays: Mapping[PurePosixPath, tuple[tuple[bytes, bytes], ...]] = field(
        default_factory=dict
    )
    # variable → the type as the headers declare it
    declared: Mapping[bytes, bytes] = field(default_factory=dict)
    # C file → what it makes static and a header of its declares extern
    exposed: Mapping[PurePosixPath, frozenset[bytes]] = field(default_factory=dict)
    # C file → those of them that an inline function of such a header uses
    inlined: Mapping[PurePosixPath, frozenset[bytes]] = field(default_factory=dict)
    # macros that are assigned to
    assigned: frozenset[bytes] = frozenset()
    # folders whose assembler defines macros with variable arguments
    variadic_assembler: frozenset[PurePosixPath] = frozenset()


@dataclass(frozen=True, slots=True)
class Rule:
    """A form that older compilers took, and the edits that make it what today's takes.

    ``needle`` is a cheap test on the raw bytes: a file without it is never looked at. Edits keep
    every line on its line, so that diagnostics need no map.
    """

    name: str
    why: str
    needle: re.Pattern[bytes]
    find: Callable[[Source, TreeFacts], Iterator[Edit]]
