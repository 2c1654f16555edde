"""A boot's report as text and as JSON."""

from __future__ import annotations

import json
from typing import Any

from patchkit.boot.port import GuestTest
from patchkit.boot.verdict import Booted, BootReport, Hung, Lost, Panicked, TestsFailed
from patchkit.errors import Exit

SCHEMA = "patchkit.boot/1"
CODES = {
    Booted: Exit.CLEAN,
    Panicked: Exit.PANICKED,
    Hung: Exit.HUNG,
    Lost: Exit.LOST,
    TestsFailed: Exit.TESTS_FAILED,
}


def exit_code(report: BootReport) -> Exit:
    """The code that the verdict stands for."""
    return CODES[type(report.verdict)]


def as_document(report: BootReport) -> dict[str, Any]:
    """*report* as values for JSON; docs/build.md describes the keys."""
    document: dict[str, Any] = {
        "schema": SCHEMA,
        "verdict": type(report.verdict).__name__,
        "kernel": report.kernel,
        "accel": report.accel,
        "seconds": round(report.seconds, 2),
        "tests": [
            {
                "name": t.name,
                "passed": t.passed,
                "reason": t.reason,
                "rows": [dict(r) for r in t.rows],
            }
            for t in report.tests
        ],
        "events": [event._asdict() for event in report.events],
        "notes": list(report.notes),
    }
    match report.verdict:
        case Panicked(reason=reason, trace=trace):
            document |= {"reason": reason, "trace": list(trace)}
        case Hung(last=last) | Lost(last=last):
            document["last"] = last
        case _:
            pass
    return document


def as_json(report: BootReport) -> str:
    """*report* as one document."""
    return json.dumps(as_document(report), indent=2)


def as_text(report: BootReport) -> str:
    """*report* for people."""
    name = type(report.verdict).__name__
    lines = [
        f"{name}: {report.kernel or 'no kernel spoke'}, {report.accel}, {report.seconds:.1f} s"
    ]
    lines += (f"  note: {note}" for note in report.notes)
    match report.verdict:
        case Panicked(reason=reason, trace=trace):
            lines += (f"  {reason}", *(f"    {at}" for at in trace))
        case Hung(last=last) | Lost(last=last):
            lines.append(f"  the console's last line: {last}")
        case _:
            pass
    for test in report.tests:
        lines += _test(test)
    lines += (f"  console:{event.line}: {event.text}" for event in report.events)
    return "\n".join(lines)


def _test(test: GuestTest) -> list[str]:
    head = f"  {'passed' if test.passed else 'FAILED'}  {test.name}"
    lines = [f"{head}: {test.reason}" if test.reason else head]
    if test.rows:
        lines += _table(test.rows)
    return lines


def _table(rows: tuple[tuple[tuple[str, str], ...], ...]) -> list[str]:
    names = [name for name, _ in rows[0]]
    cells = [names, *([dict(row).get(name, "") for name in names] for row in rows)]
    widths = [max(len(row[at]) for row in cells) for at in range(len(names))]
    return [
        "    "
        + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in cells
    ]
