"""Addresses of an oops → names, through System.map."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable

_SYMBOL = re.compile(rb"^([0-9a-f]+) [tTwW] (\S+)", re.MULTILINE)
# No function is that long: such an address is data, or a module's.
FARTHEST = 0x10000


def named(system_map: bytes, addresses: Iterable[int]) -> tuple[str, ...]:
    """``name+0xoffset`` for each address that is in a function of *system_map*."""
    symbols = sorted(
        (int(found[1], 16), found[2].decode()) for found in _SYMBOL.finditer(system_map)
    )
    starts = [start for start, _ in symbols]
    names = []
    for address in addresses:
        at = bisect_right(starts, address) - 1
        if at >= 0 and address - starts[at] < FARTHEST:
            names.append(f"{symbols[at][1]}+{address - starts[at]:#x}")
    return tuple(names)
