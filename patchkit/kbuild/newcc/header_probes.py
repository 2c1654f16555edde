"""A Makefile that asks the compiler what a kernel's header says: with the kernel's include path.

The older compilers found the rest of it in the machine's own <asm/...>, those of that kernel.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from patchkit.csource.edit import Edit
from patchkit.kbuild.newcc.rule import Rule, TreeFacts
from patchkit.kbuild.newcc.source import Source

_PROBE = re.compile(
    rb"\$\(CC\)[ \t]+-E\b(?P<here>)(?![^\n`|]*(?:-I|CPPFLAGS))[^\n`|]*\binclude/asm/"
)


def find(source: Source, _: TreeFacts) -> Iterator[Edit]:
    for found in _PROBE.finditer(source.text):
        yield Edit(found.start("here"), found.start("here"), b" $(CPPFLAGS)")


RULE = Rule("header-probes", "a kernel's header is read with its own", _PROBE, find)
