"""Edits of source text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patchkit.csource.edit import Edit, apply_edits


@given(st.binary(max_size=60), st.lists(st.tuples(st.integers(0, 9), st.binary(max_size=4))))
def test_edits_in_any_order_give_what_replacing_from_left_to_right_gives(
    source: bytes, pieces: list[tuple[int, bytes]]
) -> None:
    edits, expected, at = [], b"", 0
    for length, text in pieces:
        end = min(at + 1 + length, len(source))
        if at >= end:
            break
        edits.append(Edit(at, end - 1, text))
        expected += text + source[end - 1 : end]
        at = end
    expected += source[at:]
    assert apply_edits(source, reversed(edits)) == expected


def test_edits_that_overlap_are_refused() -> None:
    with pytest.raises(ValueError, match="overlaps"):
        apply_edits(b"abcdef", [Edit(0, 3, b""), Edit(2, 4, b"")])
