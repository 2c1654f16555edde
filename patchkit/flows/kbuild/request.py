"""What is built, as a value."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from patchkit.kbuild.arch import ARCHITECTURES, Architecture
from patchkit.kbuild.toolchain import Toolchain
from patchkit.port.outcome import SeriesReport
from patchkit.tree.base import Tree


@dataclass(frozen=True, slots=True)
class Request:
    """What to build, and how. ``config`` is the fragment's text, ``config_name`` its name. Where
    patches were ``applied``, ``before`` is the tree without them."""

    tree: Tree
    config: str
    config_name: str
    toolchain: Toolchain
    output: Path
    arch: Architecture = ARCHITECTURES["i386"]
    contained: bool = True
    engine: str | None = None
    probes: bool = True
    objects: tuple[str, ...] = ()
    modules: bool = False
    keep_going: bool = False
    jobs: int = field(default_factory=lambda: len(os.sched_getaffinity(0)))
    applied: SeriesReport | None = None
    before: Tree | None = None
    repeat: str = ""

    @property
    def touched(self) -> frozenset[PurePosixPath]:
        """The files that the patches change."""
        return frozenset(self.applied.changes if self.applied else ())
