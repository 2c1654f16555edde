"""A line of a report as a terminal may have it: names and messages of hostile input are in it."""

from __future__ import annotations


def shown(line: str) -> str:
    """*line* without what a terminal would obey."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in line)
