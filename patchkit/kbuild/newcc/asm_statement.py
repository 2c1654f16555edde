"""GNU asm statements: where the template, the outputs, the inputs and the clobbers are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from patchkit.kbuild.newcc.source import Source

NEEDLE = re.compile(rb"\basm\b|__asm")
_ASM = re.compile(
    rb"\b(?:__asm__|__asm|asm)\b[\s\\]*(?:(?:__volatile__|__volatile|volatile)\b[\s\\]*)?\("
)
_DIRECTIVE = re.compile(rb"^[ \t]*#[^\n]*", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Asm:
    """The spans of one asm statement's parts between its colons; ``closing`` is its ``)``."""

    parts: tuple[tuple[int, int], ...]
    closing: int

    @property
    def extended(self) -> bool:
        return len(self.parts) > 1


def asm_statements(source: Source) -> Iterator[Asm]:
    """Every asm statement, in macros too; what never closes is left out."""
    for found in _ASM.finditer(source.code):
        closing = source.closing(found.end() - 1)
        if closing is not None:
            parts = tuple(source.split(found.end(), closing, 0x3A))
            yield Asm(parts, closing)
