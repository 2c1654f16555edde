"""The plot of docs/founding-claims.md, from what a guest measured.

patchkit ci .ci/founding.toml --output OUT
python benchmarks/founding_plot.py OUT/*/boot.json > docs/founding-claims.svg
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path

LABEL, BAR, LINE, WIDTH = 360, 300, 22, 720
STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#1c2128}.head{font-weight:600}rect{fill:#3a6ea5}"
    "@media(prefers-color-scheme:dark){text{fill:#d8dee6}rect{fill:#6ea8e0}}"
)
Row = Mapping[str, str]


def flags(row: Row, **words: str) -> str:
    """Which of the flags *words* name are set in *row*, for people."""
    held = [word for key, word in words.items() if row[key] == "1"]
    return " and ".join(held) or "neither flag"


def panels(tests: Mapping[str, list[Row]]) -> Iterator[tuple[str, int, list[tuple[str, int]]]]:
    """Title, largest value possible, and a bar for each row of a test."""
    yield (
        "Page faults that come back after memory pressure, of 256 pages",
        256,
        [
            (flags(row, vm_reserved="VM_RESERVED", vm_locked="VM_LOCKED"),
             int(row["faults_after_pressure"]))
            for row in tests["swap-pressure"]
        ],
    )  # fmt: skip
    yield (
        "bttv: pages of the buffer that the user sees, of 8",
        8,
        [
            (f"{row['form'].replace('-', ' ')}", int(row["visible"]))
            for row in tests["bttv-as-posted"]
        ],
    )
    yield (
        "remap_page_range(): pages that are really mapped, of 4",
        4,
        [
            (f"{row['buffer']}, "
             + flags(row, pg_reserved="PG_reserved", vm_reserved="VM_RESERVED"),
             int(row["ptes"]))
            for row in tests["reserve-matrix"]
        ],
    )  # fmt: skip


def drawn(tests: Mapping[str, list[Row]]) -> str:
    """The panels one below the other, as SVG; every bar has its number."""
    body, y = [], 0
    for title, most, bars in panels(tests):
        y += LINE + 4
        body.append(f'<text class="head" x="8" y="{y}">{escape(title)}</text>')
        for label, value in bars:
            y += LINE
            width = BAR * value / most
            body.append(f'<text x="{LABEL - 8}" y="{y}" text-anchor="end">{escape(label)}</text>')
            body.append(f'<rect x="{LABEL}" y="{y - 12}" width="{width:g}" height="14" rx="2"/>')
            body.append(f'<text x="{LABEL + width + 6:g}" y="{y}">{value}</text>')
        y += 10
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y}" role="img">'
        f"<title>What the guest measured on 2.4.0-test10</title><style>{STYLE}</style>\n"
        + "\n".join(body)
        + "\n</svg>\n"
    )


if __name__ == "__main__":
    kept = json.loads(Path(sys.argv[1]).read_bytes())
    document = kept.get("document", kept)
    sys.stdout.write(drawn({test["name"]: test["rows"] for test in document["tests"]}))
