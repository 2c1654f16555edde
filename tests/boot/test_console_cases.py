"""Consoles as golden files: what the kernel complained of, and the trace by System.map."""

from __future__ import annotations

from pathlib import Path

import pytest

from patchkit.boot.console import addresses, events
from patchkit.boot.trace import named

CASES = sorted((Path(__file__).parent.parent / "cases" / "console").glob("*.log"))
SYSTEM_MAP = b"c0100000 A _text\nc0100100 T down\nc0100200 t init\nc0100300 D jiffies\n"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_a_console_has_its_events_and_trace(case: Path) -> None:
    head, _, console = case.read_bytes().partition(b"\n\n")
    expected = head.decode().split("\n")
    found = [f"EVENT: {event.kind} {event.line} {event.text}" for event in events(console)]
    trace = "TRACE: " + " ".join(named(SYSTEM_MAP, addresses(console)))
    assert [*found, trace.rstrip()] == [line.rstrip() for line in expected]


def test_a_line_says_nothing_that_a_terminal_would_obey() -> None:
    (event,) = events(b"Kernel panic: \x1b]0;owned\x07\x9b31m\n")
    assert event.text.isprintable()
