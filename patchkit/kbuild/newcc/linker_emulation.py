"""``$(CC) -m elf_i386``: gcc no longer hands it to the linker of itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

from patchkit.csource.edit import Edit
from patchkit.kbuild.newcc.rule import Rule, TreeFacts
from patchkit.kbuild.newcc.source import Source

_EMULATION = re.compile(rb"\$\(CC\)[^\n]*?[ \t](?P<option>-m[ \t]+(?P<name>elf\w+))")


def find(source: Source, _: TreeFacts) -> Iterator[Edit]:
    for found in _EMULATION.finditer(source.text):
        yield Edit(*found.span("option"), b"-Wl,-m," + found["name"])


RULE = Rule(
    "linker-emulation", "gcc is told what is the linker's", re.compile(rb"-m[ \t]+elf"), find
)
