"""What the guest's init sends through its port → tests with their rows.

PATCHKIT 1 2.4.0-test10
TEST smoke
ROW step=fork passed=1
PASS smoke
END
"""

from __future__ import annotations

import re
from dataclasses import dataclass

LONGEST_LINE = 4096
# No test of ours has as many; a guest that sends more has lost its mind.
MOST_LINES = 10_000


@dataclass(frozen=True, slots=True)
class GuestTest:
    """A test as the guest ran it; ``passed`` is None where it began and never ended."""

    name: str
    passed: bool | None
    reason: str = ""
    rows: tuple[tuple[tuple[str, str], ...], ...] = ()


@dataclass(frozen=True, slots=True)
class PortReport:
    """All that came through the port. ``release`` is empty where the guest's init never spoke."""

    release: str
    tests: tuple[GuestTest, ...]
    ended: bool


def read_port(sent: bytes) -> PortReport:
    """Read *sent*; a line that init did not write is passed over."""
    release, ended = "", False
    tests: list[GuestTest] = []
    for raw in sent.split(b"\n", MOST_LINES)[:MOST_LINES]:
        line = _printable(raw[:LONGEST_LINE])
        word, _, rest = line.partition(" ")
        if word == "PATCHKIT" and rest.startswith("1 "):
            release = rest[2:]
        elif word == "TEST" and rest:
            tests.append(GuestTest(rest, None))
        elif word == "END" and not rest:
            ended = bool(release)
        elif tests:
            tests[-1] = _continued(tests[-1], word, rest)
    return PortReport(release, tuple(tests), ended)


def _continued(test: GuestTest, word: str, rest: str) -> GuestTest:
    name, _, reason = rest.partition(" ")
    if word == "ROW":
        row = tuple(_cell(cell) for cell in rest.split())
        return GuestTest(test.name, test.passed, test.reason, (*test.rows, row))
    if word == "NOTE":
        return GuestTest(test.name, test.passed, rest, test.rows)
    if word == "PASS" and name == test.name:
        return GuestTest(test.name, True, test.reason, test.rows)
    if word == "FAIL" and name == test.name:
        return GuestTest(test.name, False, test.reason or reason, test.rows)
    return test


def _cell(text: str) -> tuple[str, str]:
    key, _, value = text.partition("=")
    return key, value


def _printable(raw: bytes) -> str:
    return re.sub(r"[^\x20-\x7e]", "", raw.decode("latin-1"))
