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
_LOCAL, _WEAK = 0, 2
_TABLE = "__ksymtab"


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
        found, names = _read(data)
    except (struct.error, IndexError, KeyError, ValueError):
        return None
    outside = [one for one in found if one.section == 0 and one.binding != _LOCAL]
    needs = {one.name for one in outside if one.binding != _WEAK} - {"__this_module"}
    weak = frozenset(one.name for one in outside if one.binding == _WEAK)
    table = tuple(
        one.name.removeprefix(f"{_TABLE}_")
        for one in found
        if one.section and one.name.startswith(f"{_TABLE}_")
    )
    everything = (one.name for one in found if one.section and one.binding == 1)
    has_table = any(name.startswith(_TABLE) for name in names)
    return Symbols(frozenset(needs), frozenset(table if has_table else everything), weak)


def _read(data: bytes) -> tuple[tuple[_Symbol, ...], tuple[str, ...]]:
    """The symbols, and the names of the sections."""
    if data[:4] != b"\x7fELF" or data[5] != 1:
        raise ValueError("no ELF of a small-endian machine")
    bits = data[4]
    form, at, counts, counts_at = _HEADER[bits]
    (start,) = struct.unpack_from(form, data, at)
    size, count, names_at = struct.unpack_from(counts, data, counts_at)
    sections = [
        struct.unpack_from(_SECTION[bits], data, start + size * number) for number in range(count)
    ]
    names = tuple(_text(data, sections[names_at][4], section[0]) for section in sections)
    return tuple(_symbols(data, bits, sections)), names


def _symbols(data: bytes, bits: int, sections: list[tuple[int, ...]]) -> Iterator[_Symbol]:
    for section in sections:
        if section[1] != _SYMTAB:
            continue
        table = data[section[4] : section[4] + section[5]]
        strings = sections[section[6]][4]
        for one in struct.iter_unpack(_SYMBOL[bits], table):
            info, where = (one[3], one[5]) if bits == 1 else (one[1], one[3])
            yield _Symbol(_text(data, strings, one[0]), where, info >> 4)


def _text(data: bytes, table: int, offset: int) -> str:
    return data[table + offset : data.index(b"\0", table + offset)].decode("latin-1")
