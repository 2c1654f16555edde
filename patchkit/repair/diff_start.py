"""Where in a text its first diff begins: what stands above is a person's prose."""

from __future__ import annotations

from collections.abc import Sequence


def diff_start(lines: Sequence[bytes]) -> int | None:
    """The index of the first line that may be a diff's head; None where there is none."""
    return next(
        (at for at, line in enumerate(lines) if line.startswith((b"--- ", b"diff ", b"Index: "))),
        None,
    )
