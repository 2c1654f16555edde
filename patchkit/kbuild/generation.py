"""Which of three build systems a tree has, told by its files and never by its version."""

from __future__ import annotations

from enum import Enum
from pathlib import PurePosixPath

from patchkit.tree.base import Tree


class Generation(Enum):
    """How a tree is configured and built, and whether today's compiler takes it as it is."""

    CONFIG_IN = "Config.in and Rules.make (to 2.5.44)"
    EARLY_KCONFIG = "Kconfig, older than the compiler"
    TODAY = "Kconfig"

    @property
    def needs_newcc(self) -> bool:
        return self is not Generation.TODAY


def generation(tree: Tree) -> Generation:
    """The build system of *tree*."""
    if tree.mode(PurePosixPath("Rules.make")) is not None:
        return Generation.CONFIG_IN
    # Linux kernel commit d15155824c50 ("linux/compiler.h: Split into compiler.h and
    # compiler_types.h") (in v4.15); trees since then know gcc 8 and later.
    if tree.mode(PurePosixPath("include/linux/compiler_types.h")) is None:
        return Generation.EARLY_KCONFIG
    return Generation.TODAY
