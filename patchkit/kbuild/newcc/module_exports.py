"""memcmp() for modules: gcc 2.x put it in line, today's calls the kernel's, which then has to be
exported beside memcpy() and memset()."""

from __future__ import annotations

import re
from collections.abc import Iterator

from patchkit.csource.edit import Edit
from patchkit.kbuild.newcc.rule import Rule, TreeFacts
from patchkit.kbuild.newcc.source import Source

# <asm/string.h> has it as a macro, as it has the two that follow
_BEFORE = re.compile(rb"\n(?P<empty>)\n#undef memcpy\n")
_BESIDE = re.compile(rb"^EXPORT_SYMBOL_NOVERS\(memset\);(?P<end>)", re.MULTILINE)
_TOLD = (
    b" extern int memcmp(const void *,const void *,__kernel_size_t); EXPORT_SYMBOL_NOVERS(memcmp);"
)


def find(source: Source, _: TreeFacts) -> Iterator[Edit]:
    before, beside = _BEFORE.search(source.code), _BESIDE.search(source.code)
    if before and beside and b"(memcmp)" not in source.code:
        yield Edit(*before.span("empty"), b"#undef memcmp")
        yield Edit(*beside.span("end"), _TOLD)


RULE = Rule(
    "module-exports",
    "memcmp() is a function of the kernel's",
    re.compile(rb"EXPORT_SYMBOL_NOVERS\(memset\)"),
    find,
)
