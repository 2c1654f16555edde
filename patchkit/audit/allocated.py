"""The allocations behind a verdict, in words: by which allocators, and of which order."""

from __future__ import annotations

import re

from patchkit.audit.driver import Memory
from patchkit.audit.nodes import Allocation
from patchkit.audit.program import Program
from patchkit.csource.unit import Unit

_PAGE_SIZE = re.compile(rb"\(?\s*(?:PAGE_SIZE|\(?\s*1\s*(?:UL)?\s*<<\s*PAGE_SHIFT\s*\)?)\s*\)?")
_NAME = re.compile(rb"\w+")
_NUMBER = re.compile(rb"\(?\s*(0[xX][0-9a-fA-F]+|\d+)[uUlL]*\s*\)?")
# PAGE_SIZE << order, the usual size of a block.
_SHIFTED = re.compile(rb"PAGE_SIZE\s*<<\s*(\w+)")


def memory_of(program: Program, origins: tuple[Allocation, ...]) -> Memory:
    """The allocations in words."""
    if not origins:
        return Memory((), None)
    names = tuple(dict.fromkeys(made.allocator.name.decode() for made in origins))
    single = all(_is_single(program, made) for made in origins)
    blocks = not single and all(_is_block(program, made) for made in origins)
    return Memory(names, single, blocks)


def _is_single(program: Program, made: Allocation) -> bool:
    """Is it made of pages with a count of their own?"""
    allocator = made.allocator
    if allocator.scattered:
        return True
    asked = _asked(program, made)
    if asked is None:
        return True
    return asked == b"0" if allocator.order is not None else _PAGE_SIZE.fullmatch(asked) is not None


def _is_block(program: Program, made: Allocation) -> bool:
    """Is its order surely above 0?"""
    asked = _asked(program, made)
    unit = program.unit(made.file)
    if asked is None or unit is None or made.allocator.scattered:
        return False
    if made.allocator.order is None:
        shifted = _SHIFTED.search(asked)
        if shifted is None:
            return False
        asked = shifted[1]
    number = _number(unit, asked)
    return number > 0 if number is not None else _counted_down_to(unit, made, asked) > 0


def _asked(program: Program, made: Allocation) -> bytes | None:
    """The argument with the order or the size, a macro's body in its place; None for one page."""
    index = made.allocator.order if made.allocator.order is not None else made.allocator.size
    if index is None:
        return None
    text = made.arguments[index].strip() if index < len(made.arguments) else b""
    unit = program.unit(made.file)
    if unit is not None and text in unit.macros:
        text = unit.macros[text].body.strip()
    return text


def _counted_down_to(unit: Unit, made: Allocation, name: bytes) -> int:
    """The least that *name* is in the loop around the allocation: sound drivers try
    ``for (order = DMABUF_DEFAULTORDER; order >= DMABUF_MINORDER; order--)``."""
    function = unit.by_name.get(made.function)
    if function is None or not _NAME.fullmatch(name):
        return 0
    bound = re.compile(re.escape(name) + rb"\s*(>=?)\s*(\w+)")
    for loop in unit.body(function).loops:
        found = bound.fullmatch(loop.condition.strip())
        if loop.start <= made.offset < loop.end and found:
            number = _number(unit, found[2])
            if number is not None:
                return number + (found[1] == b">")
    return 0


def _number(unit: Unit, text: bytes) -> int | None:
    if text in unit.macros:
        text = unit.macros[text].body.strip()
    found = _NUMBER.fullmatch(text)
    return int(found[1], 0) if found else None
