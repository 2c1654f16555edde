"""``movw %3,...`` in extended asm where operand 3 is an int: ``%w3``, the register's 16 bits.

The assembler of the time took ``movw %ecx`` for ``movw %cx``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from patchkit.csource.edit import Edit
from patchkit.kbuild.newcc.asm_statement import NEEDLE, asm_statements
from patchkit.kbuild.newcc.rule import Rule, TreeFacts
from patchkit.kbuild.newcc.source import Source

_WORD = re.compile(
    rb"(?:(?<![\w%])|(?<=\\[nt]))(?:mov|add|sub|cmp|and|or|xor|test)w[ \t]+(?P<percent>%)\d"
)


def find(source: Source, _: TreeFacts) -> Iterator[Edit]:
    for asm in asm_statements(source):
        for found in _WORD.finditer(source.text, *asm.parts[0]) if asm.extended else ():
            yield Edit(found.end("percent"), found.end("percent"), b"w")


RULE = Rule("asm-word-operand", "16 bits are of a 16-bit register", NEEDLE, find)
