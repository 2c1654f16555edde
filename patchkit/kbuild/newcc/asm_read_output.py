"""An asm output in memory that the template also reads: ``"=m"`` becomes ``"+m"``.

``"=m" (v->counter)`` under ``incl %0`` tells the compiler that the old value is dead; gcc 12 then
drops the store before it. Every ``=m`` output is widened: that it is read too is never wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from patchkit.csource.edit import Edit
from patchkit.kbuild.newcc.asm_statement import NEEDLE, Asm, asm_statements
from patchkit.kbuild.newcc.rule import Rule, TreeFacts
from patchkit.kbuild.newcc.source import Source

_OUTPUT = re.compile(rb'"=(?=m")')
_TIED = re.compile(rb'"(\d)"')


def find(source: Source, _: TreeFacts) -> Iterator[Edit]:
    for asm in asm_statements(source):
        if asm.extended:
            yield from _outputs(source, asm)


def _outputs(source: Source, asm: Asm) -> Iterator[Edit]:
    inputs = source.text[slice(*asm.parts[2])] if len(asm.parts) > 2 else b""
    # an input tied to the output by its number is read already, and "+" forbids the tie
    tied = {int(found[1]) for found in _TIED.finditer(inputs)}
    for number, (start, end) in enumerate(source.split(*asm.parts[1], 0x2C)):
        found = _OUTPUT.search(source.text, start, end)
        if found and number not in tied:
            yield Edit(found.start() + 1, found.end(), b"+")


RULE = Rule("asm-read-output", "an output in memory may be read as well", NEEDLE, find)
