"""Consoles as golden files: what the kernel complained of, and the trace by System.map."""

from __future__ import annotations

from pathlib import Path

import pytest

from patchkit.boot.console import addresses, events, release
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


def test_of_two_oopses_the_trace_is_that_of_the_first() -> None:
    oops = b"Oops: 0002\nEIP:    0010:[<%08x>]\nCall Trace: [<%08x>]\n"
    console = oops % (0xC0100104, 0xC0100210) + oops % (0xC0100108, 0xC0100214)
    assert named(SYSTEM_MAP, addresses(console)) == ("down+0x4", "init+0x10")


def test_a_trace_names_functions_and_neither_data_nor_labels_in_them() -> None:
    labels = SYSTEM_MAP + b"c0100204 t L6\nc0100206 t .L7\n"
    assert named(labels, (0xC0100208, 0xC0100304)) == ("init+0x8",)


def test_the_kernel_says_what_it_is_in_its_first_line() -> None:
    assert release(b"\nLinux version 2.4.0-test10 (patchkit@patchkit) (gcc\r\n") == "2.4.0-test10"
    assert release(b"[    0.000000] Linux version 6.1.170 (patchkit@") == "6.1.170"
    assert release(b"cmdline: x Linux version 9.9 (") == ""


def test_a_line_says_nothing_that_a_terminal_would_obey() -> None:
    (event,) = events(b"Kernel panic: \x1b]0;owned\x07\x9b31m\n")
    assert event.text.isprintable()
