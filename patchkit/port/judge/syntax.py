"""Syntax: the port brings no place that the grammar of C can't read and could read before."""

from __future__ import annotations

import re
from collections.abc import Iterator

from patchkit.port.judge.evidence import Adaptation, Evidence, Objection

# Words that say something of a declaration, to the linker or to sparse, and that the grammar
# takes for a type or a name; before 2.6.9 nothing was marked __user.
_MARKS = re.compile(
    rb"\b(?:__(?:user|iomem|kernel|force|(?:dev|cpu|mem|net|ref)?(?:init|exit)\w*|read_mostly"
    rb"|must_check|sched|kprobes|percpu|rcu|pure|cold|used|unused|maybe_unused|always_inline"
    rb"|attribute_used__|attribute_const__|ref|refdata|pmac|prep\w*|openfirmware)"
    rb"|fastcall|asmlinkage|noinline|notrace)\b(?!\s*\()"
)
# This much takes some 30 ms to parse; more is data.
LARGEST = 200_000


def syntax(adaptation: Adaptation, evidence: Evidence) -> Iterator[Objection]:
    """Only the functions around the hunk are parsed, before and after. What the grammar can't
    read within the added lines alone was so when they were sent: ``list_for_each() {``."""
    if not evidence.is_c:
        return
    region = evidence.region(adaptation)
    if len(region.before) + len(region.after) > LARGEST:
        return
    if _errors(region.after, region.added) > _errors(region.before, frozenset()):
        yield Objection("its result is no C that can be read, and what was there is")


def _errors(text: bytes, added: frozenset[int]) -> int:
    """How many places of *text* are not understood, and are not wholly lines in *added*."""
    from patchkit.csource.parse import error_nodes, parsed

    nodes = error_nodes(parsed(_MARKS.sub(b"", text)).root_node)
    rows = (range(node.start_point.row, node.end_point.row + 1) for node in nodes)
    return sum(1 for lines in rows if not added.issuperset(lines))
