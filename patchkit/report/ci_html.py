"""A recipe's run as one self-contained page: no script, nothing fetched, narrow screens first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import escape
from typing import Any

from patchkit.flows.ci import CellReport, CiReport
from patchkit.flows.ci_steps import Step
from patchkit.report import plot
from patchkit.report.plot import bars

# Of a console or a list, more than this is in the files beside the page.
LONGEST = 60_000
STYLE = """
:root{color-scheme:light dark;--ok:#1a7f37;--bad:#cf222e;--line:#8884}
body{font:16px/1.5 system-ui,sans-serif;margin:0 auto;max-width:70rem;padding:1rem;
overflow-wrap:anywhere}
h1{font-size:1.5rem}h2{font-size:1.2rem;border-top:1px solid var(--line);padding-top:1rem}
table{border-collapse:collapse;font-size:.875rem}td,th{border:1px solid var(--line);
padding:.2rem .5rem;text-align:left;vertical-align:top}.wide{overflow-x:auto}
pre{overflow-x:auto;font-size:.8rem;background:#8881;padding:.5rem}
.ok{color:var(--ok)}.bad{color:var(--bad)}summary{cursor:pointer}
.steps{display:flex;gap:2px;flex-wrap:wrap}.steps span{background:#8882;padding:.1rem .5rem;
min-width:4rem;border-bottom:4px solid var(--ok)}.steps .bad{border-color:var(--bad)}
td,th{overflow-wrap:normal;max-width:24rem}table{width:max-content}
"""


def as_html(report: CiReport) -> str:
    """*report* as a page."""
    title = f"{report.name}: {'passed' if report.code == 0 else 'failed'}"
    body = "".join(_cell(cell) for cell in report.cells)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}{plot.STYLE}</style></head><body>"
        f"<h1>{escape(report.name)}: {_verdict(report.code)}</h1>"
        f"<p>{len(report.cells)} cells in {report.seconds:.1f} s</p>{body}</body></html>\n"
    )


def _verdict(code: int) -> str:
    return '<span class="ok">passed</span>' if code == 0 else '<span class="bad">failed</span>'


def _cell(cell: CellReport) -> str:
    timeline = "".join(_bar(step) for step in cell.steps)
    details = "".join(_details(step, cell) for step in cell.steps)
    return (
        f"<h2>{escape(cell.cell.name)}: {_verdict(cell.code)}</h2>"
        f'<div class="steps">{timeline}</div>{details}'
    )


def _bar(step: Step) -> str:
    took = "cached" if step.cached else f"{step.seconds:.1f} s"
    kind = "" if step.passed else ' class="bad"'
    grow = max(1, round(0 if step.cached else step.seconds))
    return (
        f'<span{kind} style="flex-grow:{grow}"><b>{escape(step.name)}</b> '
        f"{escape(step.summary)}, {took}</span>"
    )


def _details(step: Step, cell: CellReport) -> str:
    render = SECTIONS.get(step.name)
    return "".join(render(step.document, cell)) if render else ""


def _apply(document: dict[str, Any], _: CellReport) -> Iterator[str]:
    rows = [
        (file["path"], hunk["number"], hunk["outcome"], hunk["how"] or "", hunk["stated_line"],
         hunk["line"], "; ".join((hunk["reason"], *hunk["details"], *hunk["doubts"])))
        for file in document.get("files", ())
        for hunk in file["hunks"]
    ]  # fmt: skip
    head = ("file", "hunk", "outcome", "how", "stated line", "found line", "evidence")
    yield _folded("Hunks", _table(head, rows))


def _audit(document: dict[str, Any], _: CellReport) -> Iterator[str]:
    rows = [
        (driver["file"], driver["verdict"], driver.get("reason", ""), _chain(driver))
        for driver in document.get("drivers", ())
    ]
    yield _folded("Audit", _table(("driver", "verdict", "reason", "chain"), rows))
    findings = [(f["file"], f["line"], f["kind"], f["message"]) for f in document["findings"]]
    if findings:
        yield _folded("Findings", _table(("file", "line", "kind", "message"), findings))


def _chain(driver: dict[str, Any]) -> str:
    steps = driver.get("chain", ())
    return " → ".join(" ".join(str(value) for value in step.values()) for step in steps)


def _build(document: dict[str, Any], _: CellReport) -> Iterator[str]:
    took = document.get("duration", {})
    if took:
        yield _folded("Build", bars("seconds of each build step", list(took.items())))
    errors = [(e["path"], e["line"], e["text"]) for e in document["results"]["errors"]]
    if errors:
        yield _table(("file", "line", "error"), errors)
    yield "".join(f"<p>{escape(line)}</p>" for line in document.get("blame", ()))
    rewrites = list(document.get("rewrites", {}).items())
    if rewrites:
        yield _folded("Rewrites for the compiler", _table(("rule", "places"), rewrites))


def _boot(document: dict[str, Any], cell: CellReport) -> Iterator[str]:
    yield f"<p>{escape(document['verdict'])}, {document['accel']}, {document['seconds']} s</p>"
    for test in document["tests"]:
        mark = _verdict(0 if test["passed"] else 1)
        yield f"<h3>{escape(test['name'])}: {mark}</h3>"
        if test["reason"]:
            yield f"<p>{escape(test['reason'])}</p>"
        if test["rows"]:
            yield _table(tuple(test["rows"][0]), [tuple(row.values()) for row in test["rows"]])
            yield _plot(test["name"], test["rows"])
    console = cell.folder / "console.log"
    if console.is_file():
        text = console.read_bytes()[:LONGEST].decode("latin-1")
        shown = "".join(c for c in text if c.isprintable() or c in "\n\t")
        yield _folded("Console", f"<pre>{escape(shown)}</pre>")


# test → the column that is plotted, and those that name a bar
PLOTTED = {
    "swap-pressure": ("nopage_after_pressure", ("vm_reserved", "vm_locked")),
    "reserve-matrix": ("ptes", ("buffer", "pg_reserved", "vm_reserved")),
    "bttv-as-posted": ("visible", ("form",)),
}


def _plot(name: str, rows: list[dict[str, str]]) -> str:
    if name not in PLOTTED:
        return ""
    value, labels = PLOTTED[name]
    points = [
        (" ".join(f"{label}={row.get(label)}" for label in labels), float(row.get(value, "0")))
        for row in rows
    ]
    return bars(value.replace("_", " "), points)


SECTIONS: dict[str, Callable[[dict[str, Any], CellReport], Iterator[str]]] = {
    "apply": _apply,
    "audit": _audit,
    "build": _build,
    "boot": _boot,
}


def _folded(title: str, body: str) -> str:
    return f"<details><summary>{escape(title)}</summary>{body}</details>"


def _table(head: tuple[str, ...], rows: list[tuple[Any, ...]]) -> str:
    top = "".join(f"<th>{escape(name)}</th>" for name in head)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row) + "</tr>" for row in rows
    )
    return f'<div class="wide"><table><tr>{top}</tr>{body}</table></div>'
