"""Console text → what the kernel complained of. It explains a verdict; it never makes one."""

from __future__ import annotations

import re
from typing import NamedTuple


class Event(NamedTuple):
    """A complaint of the kernel: panic, oops, bug, warning or hung; its line, from 1, and text."""

    kind: str
    line: int
    text: str


_EVENTS = (
    ("panic", re.compile(r"Kernel panic.*")),
    ("bug", re.compile(r"kernel BUG at .*")),
    (
        "oops",
        re.compile(
            r"Unable to handle kernel .*|BUG: unable to handle .*|Oops: .*"
            r"|general protection fault: .*"
        ),
    ),
    ("hung", re.compile(r"INFO: task .* blocked for more than .*|.*soft lockup.*")),
    ("warning", re.compile(r"WARNING: .*")),
    ("memory", re.compile(r"Out of [Mm]emory: .*")),
)
_ADDRESS = re.compile(r"\[<([0-9a-f]{8,16})>\]|^EIP:\s+[0-9a-f]+:\[?<?([0-9a-f]{8})")
# 2.4: "Call Trace: [<c0112233>] ..."; the lines after it go on until one has no address


# No kernel says more in one line; a guest that sends megabytes without an end is read so far.
LONGEST = 4096
# what may leave a kernel alive that never says another word
GRAVE = ("panic", "bug", "oops")


def events(console: bytes) -> tuple[Event, ...]:
    """The complaints in *console*, in order."""
    found: list[Event] = []
    for number, line in enumerate(lines(console), 1):
        for kind, pattern in _EVENTS:
            match = pattern.search(line)
            if match:
                found.append(Event(kind, number, match[0]))
                break
    return tuple(found)


def lines(console: bytes) -> list[str]:
    """*console* without terminal escapes or anything else that is no text."""
    text = re.sub(rb"\x1b(?:\[[0-9;?]*[A-Za-z]|\][^\x07\n]*\x07?)", b"", console).decode("latin-1")
    return [re.sub(r"[^\t\x20-\x7e]", "", line[:LONGEST]) for line in text.split("\n")]


_RELEASE = re.compile(rb"^(?:\[[^]\n]*\] )?Linux version ([\x21-\x7e]{1,64}) ", re.MULTILINE)


def release(console: bytes) -> str:
    """What the kernel says it is, in its first line; empty where it came to say nothing."""
    said = _RELEASE.search(console)
    return said[1].decode("ascii") if said else ""


def addresses(console: bytes) -> tuple[int, ...]:
    """The code addresses that the first oops printed, in order."""
    found: list[int] = []
    said = 0
    for line in lines(console):
        said += line.startswith("EIP:")
        if said > 1:
            break
        found += (int(match[1] or match[2], 16) for match in _ADDRESS.finditer(line))
    return tuple(found)
