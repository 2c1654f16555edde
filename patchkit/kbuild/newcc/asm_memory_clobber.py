"""Extended asm that touches memory it does not name: say so.

gcc 2.x kept memory in registers across an asm far less than today's compilers do, so the kernel's
authors could leave the clobber out. It is added to every extended asm: too often costs a reload,
too seldom a wrong kernel.
"""

from __future__ import annotations

from collections.abc import Iterator

from patchkit.csource.edit import Edit
from patchkit.kbuild.newcc.asm_statement import NEEDLE, asm_statements
from patchkit.kbuild.newcc.rule import Rule, TreeFacts
from patchkit.kbuild.newcc.source import Source


def find(source: Source, _: TreeFacts) -> Iterator[Edit]:
    for asm in asm_statements(source):
        if not asm.extended:
            continue
        clobbers = source.text[slice(*asm.parts[3])] if len(asm.parts) > 3 else b""
        if b'"memory"' in clobbers:
            continue
        end = asm.closing
        while source.code[end - 1] in b" \t\n\\":
            end -= 1
        if b'"' in clobbers:
            yield Edit(end, end, b', "memory"')
        else:
            yield Edit(end, end, b" :" * max(0, 4 - len(asm.parts)) + b' "memory"')


RULE = Rule("asm-memory-clobber", "asm may read and write memory it does not name", NEEDLE, find)
