"""A file's habits of indentation, counted over its lines."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from typing import NamedTuple

from patchkit.port.spacing import ccode
from patchkit.port.spacing.columns import TAB, lead, leading, width

# A line that goes on or opens a block, and the indentation of the next.
GOES_ON = re.compile(rb'[,|&(=+"{]\n([ \t]*)(?=[^\s])')
LEAD = re.compile(rb"^[ \t]+(?=[^\s])", re.M)
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
    by_name: defaultdict[bytes, Counter[Hanging]] = defaultdict(Counter)
    operators = Counter({Hanging(Way.DEEPER, TAB): 1})
    steps: Counter[int] = Counter()
    text = b"\n".join(lines)
    for found in GOES_ON.finditer(text):
        line = text[text.rfind(b"\n", 0, found.start()) + 1 : found.start() + 1]
        second = found[1]
        deeper = width(second) - width(lead(line))
        if line[-1:] == b"{":
            steps[deeper] += deeper > 0
            continue
        balance = ccode.depth(ccode.code(line))
        if balance == 0 and line[-1:] in b"=+|" and lead(line):
            operators[Hanging(Way.DEEPER, deeper)] += deeper > 0
        column = open_parenthesis(line) if balance > 0 else None
        if column is not None:
            ways = list(_ways(line, column, second))
            (conditions if ccode.CONTROL.match(line.lstrip()) else calls).update(ways)
            by_name[_callee(line, column)].update(ways)
    leads = Counter(LEAD.findall(text))
    return Habits(
        _unit(leads, steps),
        {width(white): white for white, _ in reversed(leads.most_common())},
        {name: _commonest(counts) for name, counts in by_name.items()},
        _commonest(conditions),
        _commonest(calls),
        _commonest(operators),
    )


def _ways(first: bytes, column: int, second: bytes) -> Iterator[Hanging]:
    """The ways that explain *second*, the indentation of the line after *first*."""
    begins, before = width(second), width(lead(first))
    if begins == column + 1:
        yield Hanging()
    if begins > before:
        yield Hanging(Way.DEEPER, begins - before)
    tabs = max((column + 1) // TAB, before // TAB + 1)
    if second == b"\t" * tabs:
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
