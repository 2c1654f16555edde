"""The symbols of a module's object file: what it needs of others, and what it gives to them."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

# 32 bits, 64 bits: the header from e_shoff on, a section's header, a symbol
_HEADER = {1: ("<I", 32, "<HHH", 46), 2: ("<Q", 40, "<HHH", 58)}
_SECTION = {1: "<10I", 2: "<IIQQQQIIQQ"}
_SYMBOL = {1: "<IIIBBH", 2: "<IBBHQQ"}
_SYMTAB = 2
_LOCAL, _GLOBAL, _WEAK = 0, 1, 2
_TABLE = "__ksymtab"
# No name is longer, in C++ neither. The names of all symbols may share their bytes, but an object
# of so many times its own size is made to fill the memory.
LONGEST = 4096
NAMES = 16


class Symbols(NamedTuple):
    """Names: ``needs`` must be given by the kernel or another module, ``weak`` are taken where
    they are given, ``gives`` are exported."""

    needs: frozenset[str]
    gives: frozenset[str]
    weak: frozenset[str] = frozenset()


class _Symbol(NamedTuple):
    name: str
    section: int
    binding: int


def symbols(data: bytes) -> Symbols | None:
    """The symbols of the object file *data*; None where it can't be read as ELF.

    A module without a table of exports gives all its global symbols: that is what insmod of 2.4
    makes of it.
    """
    try:
        found, has_table = _read(data)
    except (struct.error, IndexError, KeyError, ValueError, OverflowError):
        return None
    outside = [one for one in found if one.section == 0 and one.binding != _LOCAL]
    needs = {one.name for one in outside if one.binding != _WEAK} - {"__this_module"}
    weak = frozenset(one.name for one in outside if one.binding == _WEAK)
    table = tuple(
        one.name.removeprefix(f"{_TABLE}_")
        for one in found
        if one.section and one.name.startswith(f"{_TABLE}_")
    )
    everything = (one.name for one in found if one.section and one.binding == _GLOBAL)
    return Symbols(frozenset(needs), frozenset(table if has_table else everything), weak)


def _read(data: bytes) -> tuple[tuple[_Symbol, ...], bool]:
    """The symbols, and whether there is a section for a table of exports."""
    if data[:4] != b"\x7fELF" or data[5] != 1:
        raise ValueError("no ELF of a small-endian machine")
    bits = data[4]
    form, at, counts, counts_at = _HEADER[bits]
    (start,) = struct.unpack_from(form, data, at)
    size, count, names_at = struct.unpack_from(counts, data, counts_at)
    if size != struct.calcsize(_SECTION[bits]):
        raise ValueError("sections of another size")
    sections = [
        struct.unpack_from(_SECTION[bits], data, start + size * number) for number in range(count)
    ]
    names = sections[names_at][4]
    has_table = any(data.startswith(_TABLE.encode(), names + one[0]) for one in sections)
    # an object has one table of symbols
    table = next((one for one in sections if one[1] == _SYMTAB), None)
    return tuple(_symbols(data, bits, table, sections) if table else ()), has_table


def _symbols(
    data: bytes, bits: int, section: tuple[int, ...], sections: list[tuple[int, ...]]
) -> Iterator[_Symbol]:
    table = data[section[4] : section[4] + section[5]]
    strings = sections[section[6]][4]
    left = NAMES * len(data)
    for one in struct.iter_unpack(_SYMBOL[bits], table):
        info, where = (one[3], one[5]) if bits == 1 else (one[1], one[3])
        name = _text(data, strings + one[0])
        left -= len(name)
        if left < 0:
            raise ValueError("more names than the object can have")
        yield _Symbol(name, where, info >> 4)


def _text(data: bytes, at: int) -> str:
    return data[at : data.index(b"\0", at, at + LONGEST)].decode("latin-1")
