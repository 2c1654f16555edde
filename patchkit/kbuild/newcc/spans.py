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
    found: list[Span] = []
    behind = ahead = 0  # how far the text in between has moved: from the tree's, to the new one
    for start, end, old, new in _joined(spans, edits):
        rules = (*(name for one in old for name in one.rules), *(rule for _ in new))
        begins = start + behind, start + ahead
        behind += sum((one.old_end - one.old) - (one.new_end - one.new) for one in old)
        ahead += sum(len(one.text) - (one.end - one.start) for one in new)
        ends = end + behind, end + ahead
        found.append(Span(tuple(dict.fromkeys(rules)), begins[0], ends[0], begins[1], ends[1]))
    return tuple(found)


class _Group(NamedTuple):
    start: int
    end: int
    spans: list[Span]
    edits: list[Edit]


def _joined(spans: Iterable[Span], edits: Iterable[Edit]) -> list[_Group]:
    """Those that touch, together."""
    alone = [
        *(_Group(span.new, span.new_end, [span], []) for span in spans),
        *(_Group(edit.start, edit.end, [], [edit]) for edit in edits),
    ]
    groups: list[_Group] = []
    for one in sorted(alone, key=lambda group: (group.start, group.end)):
        if groups and one.start <= groups[-1].end:
            last = groups[-1]
            both = last.spans + one.spans, last.edits + one.edits
            groups[-1] = _Group(last.start, max(last.end, one.end), *both)
        else:
            groups.append(one)
    return groups
