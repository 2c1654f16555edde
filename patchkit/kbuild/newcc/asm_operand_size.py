"""``movw %3,...`` in extended asm where operand 3 is an int: ``%w3``, the register's 16 bits.

The assembler of the time took ``movw %ecx`` for ``movw %cx``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from patchkit.csource.edit import Edit
from patchkit.kbuild.newcc.asm_statement import statements
from patchkit.kbuild.newcc.rule import Rule, TreeFacts
from patchkit.kbuild.newcc.source import Source

_OPERAND = re.compile(
    rb"(?<![%\w])(?:\\[nt])*(?:mov|add|sub|cmp|and|or|xor|test)(?P<size>[wb])[ \t]+(?P<operand>%)\d"
)
