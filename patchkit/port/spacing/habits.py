"""A file's habits of indentation, counted over its lines."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from itertools import pairwise
from typing import NamedTuple

from patchkit.port.spacing import ccode
from patchkit.port.spacing.columns import TAB, lead, leading, width

CALLEE = re.compile(rb"(\w*)\s*\($")

# Fewer examples say nothing.
FEW = 4


class Way(Enum):
    """Where the second line of a call, a condition or an expression begins."""

    ALIGNED = "under the first word in the parenthesis"
    DEEPER = "some columns deeper than the first line"
    TABS = "as far as tabs go without passing the parenthesis"


class Hanging(NamedTuple):
    """A way, with its columns for DEEPER."""

    way: Way = Way.ALIGNED
    columns: int = 0


class Habits(NamedTuple):
    """One level of indentation, and where continued lines go: by what is called, for conditions
    and calls in general, and behind an operator."""

    unit: bytes
    leads: Mapping[int, bytes]  # the commonest indentation of each width
    by_name: Mapping[bytes, Hanging]
    conditions: Hanging
    calls: Hanging
    operators: Hanging

    def deeper(self, here: bytes, step: int | None = None) -> bytes:
        """One level, or *step* columns, deeper than *here*."""
        unit = self.unit
        if step is not None and step != width(unit):
            unit = b"\t" if step == TAB else b" " * step
        if width(unit) == TAB or b" \t" in here:
            return here + unit
        columns = width(here) + width(unit)
        return self.leads.get(columns) or leading(columns, like=here)

    def second_line(self, first: bytes) -> bytes:
        """The indentation of the line after *first*, which leaves a parenthesis open."""
        column = open_parenthesis(first)
        if column is None:
            return lead(first) + self.unit
        usual = self.conditions if ccode.CONTROL.match(first.lstrip()) else self.calls
        hanging = self.by_name.get(_callee(first, column), usual)
        if hanging.way is Way.ALIGNED:
            return leading(column + 1, like=lead(first))
        if hanging.way is Way.TABS:
            return b"\t" * max((column + 1) // TAB, width(lead(first)) // TAB + 1)
        return leading(width(lead(first)) + hanging.columns, like=lead(first))

    def second_line_of_expression(self, first: bytes) -> bytes:
        """The indentation of the line after *first*, an expression that goes on."""
        return leading(width(lead(first)) + self.operators.columns, like=lead(first))


def habits_of(lines: Sequence[bytes]) -> Habits:
    """The habits of the file with *lines*."""
    calls: Counter[Hanging] = Counter()
    conditions: Counter[Hanging] = Counter()
    operators = Counter({Hanging(Way.DEEPER, TAB): 1})
    steps: Counter[int] = Counter()
    by_name: defaultdict[bytes, Counter[Hanging]] = defaultdict(Counter)
    for line, following in pairwise(lines):
        if line[-1:] == b"{" and following[:1] in b" \t":
            steps[width(lead(following)) - width(lead(line))] += 1
        if line[-1:] not in b',|&(=+"' or not following.strip():
            continue
        text = ccode.code(line)
        if ccode.depth(text) <= 0:
            if line[-1:] in b"=+|" and lead(line):
                deeper = width(lead(following)) - width(lead(line))
                operators[Hanging(Way.DEEPER, deeper)] += deeper > 0
            continue
        column = open_parenthesis(line)
        if column is None:
            continue
        ways = list(_ways(line, column, following))
        (conditions if ccode.CONTROL.match(text) else calls).update(ways)
        by_name[_callee(line, column)].update(ways)
    named = {name: _commonest(counts) for name, counts in by_name.items()}
    leads = Counter(lead(line) for line in lines if line[:1] in (b"\t", b" "))
    by_width = {width(text): text for text, _ in reversed(leads.most_common())}
    steps = Counter({step: count for step, count in steps.items() if step > 0})
    unit = _unit(leads, steps)
    return Habits(
        unit, by_width, named, _commonest(conditions), _commonest(calls), _commonest(operators)
    )


def _ways(first: bytes, column: int, second: bytes) -> Iterator[Hanging]:
    """The ways that explain where *second* begins."""
    begins, before = width(lead(second)), width(lead(first))
    if begins == column + 1:
        yield Hanging()
    if begins > before:
        yield Hanging(Way.DEEPER, begins - before)
    if (
        lead(second).strip(b"\t") == b""
        and begins == max((column + 1) // TAB, before // TAB + 1) * TAB
    ):
        yield Hanging(Way.TABS)


def _commonest(counts: Counter[Hanging]) -> Hanging:
    if not counts:
        return Hanging()
    order = (Way.ALIGNED, Way.DEEPER, Way.TABS)
    return max(counts, key=lambda hanging: (counts[hanging], -order.index(hanging.way)))


def _callee(line: bytes, column: int) -> bytes:
    """The name before the parenthesis at *column*."""
    flat = line.expandtabs(TAB)[: column + 1]
    match = CALLEE.search(flat)
    return match[1] if match else b""


def _unit(leads: Counter[bytes], steps: Counter[int]) -> bytes:
    """One level: what a line behind an open brace is indented more, most often."""
    if steps.total() < FEW:
        steps = Counter()
    columns = max(steps, key=lambda step: steps[step], default=TAB)
    tabs = sum(count for text, count in leads.items() if text.startswith(b"\t"))
    blanks = sum(count for text, count in leads.items() if text.startswith(b" " * TAB))
    if columns == TAB and tabs >= blanks:
        return b"\t"
    return b" " * columns


def open_parenthesis(line: bytes) -> int | None:
    """The column of the last parenthesis that *line* leaves open."""
    hidden = line
    if b'"' in line or b"'" in line:
        hidden = ccode.STRING.sub(lambda m: b'"' + b"x" * (len(m[0]) - 2) + b'"', line)
    balance = 0
    for at in range(len(hidden) - 1, -1, -1):
        if hidden[at] in b")]":
            balance += 1
        elif hidden[at] in b"([":
            balance -= 1
            if balance < 0:
                return width(line[:at])
    return None
