"""``movl`` between a segment register and memory: the assembler wants it without a size.

The instruction stores 16 bits whatever is written (Intel SDM, MOV); binutils of 2005 began to
refuse the suffix.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from patchkit.csource.edit import Edit
from patchkit.kbuild.newcc.rule import Rule, TreeFacts
from patchkit.kbuild.newcc.source import Source

_SEGMENT = rb"%%?[cdefgs]s\b"
_OPERAND = rb"[^,;\n\"\\]+"
_MOVE = re.compile(
    rb"(?:\b|(?<=\\[nt]))mov(l)[ \t]+(?:"
    + _SEGMENT
    + rb"[ \t]*,|"
    + _OPERAND
    + rb",[ \t]*"
    + _SEGMENT
    + rb")"
)

# a macro that gets the register's name: "movl %0,%%" #seg
_NAMED = re.compile(
    rb'\bmov(l)[ \t]+(?:[^,;\n"\\]+,[ \t]*%%"[ \t]*#|%%"[ \t]*#[ \t]*\w+[ \t]*"[ \t]*,)'
)


def find(source: Source, _: TreeFacts) -> Iterator[Edit]:
    spans = source.strings if source.path.suffix != ".S" else ((0, len(source.text)),)
    for start, end in spans:
        for found in _MOVE.finditer(source.text, start, end):
            yield Edit(found.start(1), found.end(1), b" ")
    for found in _NAMED.finditer(source.text):
        yield Edit(found.start(1), found.end(1), b" ")


RULE = Rule("asm-segment-move", "segment registers move without a size", re.compile(rb"movl"), find)
