"""Addresses of an oops → names, through System.map."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable

# but for the labels inside functions of assembler
_SYMBOL = re.compile(rb"^([0-9a-f]+) ([A-Za-z]) (?!\.?L\d)(\S+)", re.MULTILINE)
_CODE = b"tTwW"
# No function is that long: such an address is data, or a module's.
FARTHEST = 0x10000


def named(system_map: bytes, addresses: Iterable[int]) -> tuple[str, ...]:
    """``name+0xoffset`` for each address that is in a function of *system_map*."""
    symbols = sorted(
        (int(found[1], 16), found[2] in _CODE, found[3].decode("latin-1"))
        for found in _SYMBOL.finditer(system_map)
    )
    starts = [start for start, _, _ in symbols]
    names = []
    for address in addresses:
        at = bisect_right(starts, address) - 1
        if at >= 0 and symbols[at][1] and address - starts[at] < FARTHEST:
            names.append(f"{symbols[at][2]}+{address - starts[at]:#x}")
    return tuple(names)
