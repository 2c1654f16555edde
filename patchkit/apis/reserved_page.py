"""PG_reserved on pages of memory: the names by which C sets, clears and reads the bit.

linux/wrapper.h has had mem_map_reserve() since 2.1; 2.3.99 gave linux/mm.h SetPageReserved();
plenty of code always wrote set_bit(PG_reserved, &page->flags), and arch/m68k still assigns flags.
"""

from __future__ import annotations

import re

# Macros whose call is the operation.
RESERVE = frozenset((b"mem_map_reserve", b"SetPageReserved"))
UNRESERVE = frozenset((b"mem_map_unreserve", b"ClearPageReserved"))
# The bit itself, for open-coded operations.
BIT = b"PG_reserved"

PRIMITIVES = RESERVE | UNRESERVE | {BIT}

# Bit operations of asm/bitops.h that take the bit's number first.
SETTERS = frozenset((b"set_bit", b"__set_bit", b"test_and_set_bit", b"__test_and_set_bit"))
CLEARERS = frozenset((b"clear_bit", b"__clear_bit", b"test_and_clear_bit", b"__test_and_clear_bit"))

# A file without one of these bytes has no site; `in` runs at memory speed.
NEEDLES = (b"mem_map_reserve", b"mem_map_unreserve", b"PageReserved", BIT)

TOKEN = re.compile(rb"\b(?:" + b"|".join(sorted(PRIMITIVES)) + rb")\b")
