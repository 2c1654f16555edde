"""What became of a boot."""

from __future__ import annotations

from dataclasses import dataclass, replace

from patchkit.boot.console import GRAVE, Event, addresses, events, names
from patchkit.boot.port import GuestTest, PortReport, read_port
from patchkit.boot.trace import named


@dataclass(frozen=True, slots=True)
class Booted:
    """It came up, all tests passed."""


@dataclass(frozen=True, slots=True)
class TestsFailed:
    """It came up, and at least one test failed or never answered."""

    __test__ = False  # no class of pytest's


@dataclass(frozen=True, slots=True)
class Panicked:
    """It gave up; ``trace`` names the functions, innermost first."""

    reason: str
    trace: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hung:
    """Nothing more came before the deadline; ``last`` is the console's last line."""

    last: str


@dataclass(frozen=True, slots=True)
class Lost:
    """The machine ended and init never said so; ``last`` is the console's last line."""

    last: str


Verdict = Booted | TestsFailed | Panicked | Hung | Lost


@dataclass(frozen=True, slots=True)
class BootReport:
    """A boot: verdict, tests, and what the console says. ``seconds`` from power-on to verdict."""

    verdict: Verdict
    kernel: str
    accel: str
    seconds: float
    tests: tuple[GuestTest, ...]
    events: tuple[Event, ...]
    notes: tuple[str, ...] = ()


def judged(
    *,
    port: bytes,
    console: bytes,
    system_map: bytes,
    asked: tuple[str, ...],
    timed_out: bool,
) -> tuple[Verdict, PortReport]:
    """The verdict on what the guest sent: its port decides, its console explains.

    A test that was *asked* for and never answered has failed.
    """
    report = read_port(port)
    answered = {test.name for test in report.tests}
    silent = tuple(
        GuestTest(name, False, "the guest never began it") for name in asked if name not in answered
    )
    tests = tuple(
        replace(test, passed=False, reason="it never ended") if test.passed is None else test
        for test in (*report.tests, *silent)
    )
    report = replace(report, tests=tests)
    if report.ended:
        return (Booted() if all(test.passed for test in tests) else TestsFailed()), report
    return _why_not(console, system_map, timed_out=timed_out), report


def _why_not(console: bytes, system_map: bytes, *, timed_out: bool) -> Verdict:
    grave = [event for event in events(console) if event.kind in GRAVE]
    if grave:
        trace = names(console) or named(system_map, addresses(console))
        return Panicked(grave[0].text, trace)
    text = console.decode("latin-1").rstrip().rsplit("\n", 1)[-1]
    last = "".join(c for c in text if c.isprintable())[:200] or "the console is empty"
    return Hung(last) if timed_out else Lost(last)
