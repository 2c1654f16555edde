"""LINUX_VERSION_CODE by the kernel's Makefile, for the #if of drivers that span series."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from types import MappingProxyType

from patchkit.csource.conditions import Known
from patchkit.tree.base import Tree

_NUMBER = re.compile(rb"^(VERSION|PATCHLEVEL|SUBLEVEL)[ \t]*:?=[ \t]*(\d+)[ \t]*$", re.MULTILINE)


def known_macros(tree: Tree) -> Known:
    """The macros whose values *tree* settles; none where its Makefile names no version."""
    makefile = tree.read(PurePosixPath("Makefile")) or b""
    numbers = {found[1]: int(found[2]) for found in _NUMBER.finditer(makefile)}
    if len(numbers) != 3:
        return MappingProxyType({})
    code = (numbers[b"VERSION"] << 16) + (numbers[b"PATCHLEVEL"] << 8) + numbers[b"SUBLEVEL"]
    return MappingProxyType({b"LINUX_VERSION_CODE": code, b"__KERNEL__": 1})
