"""Returns that keep a lock which the function gives back elsewhere.

emu10k1_audio_mmap() takes the big lock and returns -EAGAIN with it; its ioctl() returns -EINVAL
with a spinlock held and interrupts off.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from patchkit.audit.checks.evidence import Evidence, said_of
from patchkit.audit.driver import Finding
from patchkit.csource.facts import Call
from patchkit.csource.functions import Function
from patchkit.csource.statements import LOOPS, Statement, statements
from patchkit.csource.unit import Unit

_TAKES = {
    b"lock_kernel": b"unlock_kernel",
    b"down": b"up",
    b"spin_lock": b"spin_unlock",
    b"spin_lock_bh": b"spin_unlock_bh",
    b"spin_lock_irq": b"spin_unlock_irq",
    b"spin_lock_irqsave": b"spin_unlock_irqrestore",
}
_GIVES = frozenset(_TAKES.values())
# es1370_release() unlocks behind its return: that is told as never reached.
_BEHIND = re.compile(rb"\s*(?:" + b"|".join(sorted(_GIVES)) + rb")\s*\(")
_TAKEN = re.compile(rb"\b(?:lock_kernel|down|spin_lock\w*)\s*\(")

Locks = frozenset[tuple[bytes, bytes]]  # what gives each lock back, and which it is


def lock_kept(driver: Evidence) -> Iterator[Finding]:
    """Returns with a lock held on every way that leads there: one finding for each function."""
    for unit, function in _functions(driver):
        if _TAKEN.search(unit.code, function.body, function.end) is None:
            continue
        kept = dict(_kept(unit, function))
        if kept:
            first = min(kept)
            others = sorted(unit.line(at) for at in kept if at != first)
            also = f" (so do lines {', '.join(map(str, others))})" if others else ""
            yield said_of(
                "lock-kept",
                unit,
                function,
                first,
                f"returns with the lock held that {kept[first].decode()}() gives back on its "
                f"other ways{also}",
            )


def _functions(driver: Evidence) -> Iterator[tuple[Unit, Function]]:
    """Those on the way of the buffer: they reserve, end the reservation, map, or call what does."""
    found: dict[tuple[PurePosixPath, int], tuple[Unit, Function]] = {}
    for _, trace in driver.traces:
        found[trace.unit.path, trace.function.start] = (trace.unit, trace.function)
        for unit, caller, _ in driver.program.callers(trace.unit, trace.function):
            found[unit.path, caller.start] = (unit, caller)
    for unit, function, _ in driver.mappings():
        found[unit.path, function.start] = (unit, function)
    yield from found.values()


def _kept(unit: Unit, function: Function) -> Iterator[tuple[int, bytes]]:
    given = {(c.name, _what(c)) for c in unit.body(function).calls if c.name in _GIVES}
    block = None
    if given:  # and parsed again: for its statements
        block = statements(unit.code[function.start : function.end], function.start)
    if block is not None:
        yield from _Ways(unit, function, frozenset(given)).returns(block)


class _Ways:
    """The ways through a function, all at once: what is said to be held is held on every one."""

    def __init__(self, unit: Unit, function: Function, given: Locks) -> None:
        self._unit = unit
        self._calls = unit.body(function).calls
        self._given = given
        self._found: dict[int, bytes] = {}
        self._left: list[Locks] = []  # what was held where a loop or a switch is left

    def returns(self, block: Statement) -> Iterator[tuple[int, bytes]]:
        self._after(block, frozenset())
        yield from self._found.items()

    def _after(self, made: Statement, held: Locks | None) -> Locks | None:
        """The locks that are held behind the statement *made*; None where nobody gets there."""
        if made.kind == "label":
            held = frozenset()  # whoever jumps here may have let go of them
        if held is None:
            return None
        if made.kind in LOOPS or made.kind == "switch":
            return self._around(made, held)
        if made.kind == "if":
            return self._branches(made, held)
        if made.inner:
            return self._through(made, held)
        held = self._called(made.start, made.end, held)
        if made.kind == "return" and not _BEHIND.match(self._unit.code, made.end):
            for gives, _ in sorted(held & self._given):
                self._found.setdefault(made.start, gives)
        if made.kind in ("break", "continue"):
            self._left.append(held)
        return None if made.kind in ("return", "goto", "break", "continue") else held

    def _around(self, made: Statement, held: Locks) -> Locks:
        outer, self._left = self._left, []
        end = self._through(made, held)
        ends = [held, *self._left] if end is None else [held, end, *self._left]
        self._left = outer
        return frozenset.intersection(*ends)

    def _through(self, made: Statement, held: Locks) -> Locks | None:
        at = made.start
        state: Locks | None = held
        for inner in made.inner:
            if state is not None:
                state = self._called(at, inner.start, state)
            if inner.kind == "case":  # falls through, or comes from the switch
                state = held if state is None else held & state
            state = self._after(inner, state)
            at = inner.end
        return state

    def _branches(self, made: Statement, held: Locks) -> Locks | None:
        held = self._called(made.start, made.inner[0].start if made.inner else made.end, held)
        ends = [self._after(inner, held) for inner in made.inner]
        if len(ends) < 2:
            ends.append(held)
        going_on = [end for end in ends if end is not None]
        return frozenset.intersection(*going_on) if going_on else None

    def _called(self, start: int, end: int, held: Locks) -> Locks:
        for call in self._calls:
            if not start <= call.start < end:
                continue
            if call.name in _TAKES:
                held |= {(_TAKES[call.name], _what(call))}
            elif call.name in _GIVES:
                held -= {(call.name, _what(call))}
            elif call.name in self._unit.by_name:
                below = {each.name for each in self._unit.body(self._unit.by_name[call.name]).calls}
                held = frozenset(lock for lock in held if lock[0] not in below)
        return held


def _what(call: Call) -> bytes:
    return re.sub(rb"\s", b"", call.arguments[0]) if call.arguments else b""
