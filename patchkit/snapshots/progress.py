"""How long steps say how far they are."""

from __future__ import annotations

from collections.abc import Callable

# What is being done, how much of it is done, and of how much in all where that is known.
Progress = Callable[[str, int, int | None], None]


def silent(what: str, done: int, total: int | None) -> None:
    """Tells nobody."""
