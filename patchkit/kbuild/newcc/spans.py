"""Where the rules changed a file: the bytes of the tree's text, and those that stand there now."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from patchkit.csource.edit import Edit


class Span(NamedTuple):
    """The bytes from ``old`` to ``old_end`` of the tree's text are those from ``new`` to
    ``new_end`` of the rewritten one; ``rules`` did it, the first one first."""

    rules: tuple[str, ...]
    old: int
    old_end: int
    new: int
    new_end: int


def composed(spans: Iterable[Span], edits: Iterable[Edit], rule: str) -> tuple[Span, ...]:
    """*spans* after *rule* made *edits* of the text that they led to; what touches is one."""
    joined: list[tuple[int, int, list[Span], list[Edit]]] = []
    for start, end, span, edit in sorted(
        [
            *((span.new, span.new_end, span, None) for span in spans),
            *((edit.start, edit.end, None, edit) for edit in edits),
        ],
        key=lambda item: item[:2],
    ):
        if not joined or start > joined[-1][1]:
            joined.append((start, end, [], []))
        begin, last, old, new = joined[-1]
        joined[-1] = (begin, max(last, end), old, new)
        old += [] if span is None else [span]
        new += [] if edit is None else [edit]
    found: list[Span] = []
    behind = ahead = 0  # what an offset of the text in between is off by, before and after
    for start, end, old, new in joined:
        rules = tuple(dict.fromkeys((*(name for span in old for name in span.rules), rule)))
        begins = (start + behind, start + ahead)
        behind += sum((one.old_end - one.old) - (one.new_end - one.new) for one in old)
        ahead += sum(len(one.text) - (one.end - one.start) for one in new)
        rules = rules if new else old[0].rules
        found.append(Span(rules, begins[0], end + behind, begins[1], end + ahead))
    return tuple(found)
