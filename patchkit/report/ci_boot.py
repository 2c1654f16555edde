"""A boot on the page: its tests with their rows and plots, and the console."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any

from patchkit.flows.ci.matrix import CellReport
from patchkit.report.ci_parts import folded, table, verdict
from patchkit.report.plot import bars

# Of a console more than this is in the file beside the page.
LONGEST = 60_000


def boot(document: dict[str, Any], cell: CellReport) -> Iterator[str]:
    spent = f"{document['accel']}, {document['seconds']} s to the verdict"
    yield f'<h3>Boot: {escape(document["verdict"])}</h3><p class="quiet">{escape(spent)}</p>'
    if document.get("reason"):
        yield f"<pre>{escape(chr(10).join((document['reason'], *document['trace'])))}</pre>"
    for test in document["tests"]:
        mark = verdict(0 if test["passed"] else 1)
        yield f"<h3>{escape(test['name'])}: {mark}</h3>"
        if test["reason"]:
            yield f"<p>{escape(test['reason'])}</p>"
        if test["rows"]:
            names = tuple(dict.fromkeys(name for row in test["rows"] for name in row))
            rows = [tuple(row.get(name, "") for name in names) for row in test["rows"]]
            yield table(names, rows)
            yield _plot(test["name"], test["rows"])
    console = cell.folder / "console.log"
    if console.is_file():
        text = _ends(console.read_bytes()).decode("latin-1")
        shown = "".join(c for c in text if c.isprintable() or c in "\n\t")
        wrong = document["verdict"] != "Booted"
        yield folded("Console", f"<pre>{escape(shown)}</pre>", open_=wrong)


def _ends(console: bytes) -> bytes:
    """*console*, of a long one its beginning and more of its end, where a panic is."""
    if len(console) <= LONGEST:
        return console
    gap = b"\n[%d bytes are left out here]\n" % (len(console) - LONGEST)
    return console[: LONGEST // 4] + gap + console[-LONGEST * 3 // 4 :]


# test → what is plotted, its column, and those that name a bar
PLOTTED = {
    "swap-pressure": (
        "Faults that come back after memory pressure",
        "nopage_after_pressure",
        ("vm_reserved", "vm_locked"),
    ),
    "reserve-matrix": (
        "Pages that remap_page_range() mapped",
        "ptes",
        ("buffer", "pg_reserved", "vm_reserved"),
    ),
    "bttv-as-posted": ("Pages that the user sees", "visible", ("form",)),
}


def _plot(name: str, rows: list[dict[str, str]]) -> str:
    if name not in PLOTTED:
        return ""
    title, value, labels = PLOTTED[name]
    points = [
        (" ".join(f"{label}={row.get(label)}" for label in labels), _number(row.get(value, "")))
        for row in rows
    ]
    return bars(title, points)


def _number(text: str) -> int:
    """What a guest says is a number; its garbage is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
