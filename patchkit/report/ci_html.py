"""A recipe's run as one self-contained page: no script, nothing fetched, narrow screens first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import escape
from typing import Any

from patchkit.flows.ci.matrix import CellReport, CiReport
from patchkit.flows.ci.steps import Step
from patchkit.report import ci_hunks, plot
from patchkit.report.plot import bars

# Of a console or a list, more than this is in the files beside the page.
LONGEST = 60_000
# More hunks than these are folded away.
SHOWN_OPEN = 20
STYLE = """
:root{color-scheme:light dark;--page:light-dark(#fff,#14171b);--text:light-dark(#1c2128,#d8dee6);
--quiet:light-dark(#59636e,#9aa5b1);--line:light-dark(#d1d9e0,#343b44);
--soft:light-dark(#f3f5f7,#1d2228);--ok:light-dark(#1a7f37,#4ac26b);
--bad:light-dark(#c21f2c,#ff7b72);--bar:light-dark(#3a6ea5,#6ea8e0);
--added:light-dark(#dafbe1,#12361f);--removed:light-dark(#ffebe9,#4a1d1f)}
*{box-sizing:border-box}
body{font:16px/1.5 system-ui,sans-serif;margin:0 auto;max-width:76rem;padding:1rem;
overflow-wrap:anywhere;background:var(--page);color:var(--text)}
h1{font-size:1.5rem;margin:0}h2{font-size:1.2rem;border-top:1px solid var(--line);
margin-top:2rem;padding-top:1rem}h3{font-size:1rem;margin:1.25rem 0 .25rem}
.quiet{color:var(--quiet);margin:.25rem 0}
table{border-collapse:collapse;font-size:.875rem;width:max-content;min-width:100%}
th{background:var(--soft)}td,th{border:1px solid var(--line);padding:.25rem .5rem;
text-align:left;vertical-align:top;overflow-wrap:normal;max-width:28rem}
.wide{overflow-x:auto;max-width:100%}
pre{overflow-x:auto;font:.8rem/1.45 ui-monospace,monospace;background:var(--soft);
padding:.5rem .75rem;border-radius:6px;margin:.5rem 0;tab-size:8;overflow-wrap:normal}
.ok{color:var(--ok);font-weight:600}.bad{color:var(--bad);font-weight:600}
details{margin:.75rem 0}summary{cursor:pointer;font-weight:600;padding:.25rem 0}
.steps{list-style:none;padding:0;margin:.75rem 0}
.steps li{display:grid;grid-template-columns:4rem minmax(0,1fr) 7.5rem;gap:0 .5rem;
padding:.25rem 0;border-bottom:1px solid var(--line)}
.steps li>:last-child{grid-column:1/-1;height:4px}
.steps time{text-align:right;color:var(--quiet)}
.steps i{display:block;height:4px;background:var(--bar);border-radius:2px;min-width:2px}
.steps .failed i{background:var(--bad)}
@media(max-width:40rem){pre{tab-size:4}.listed tr:first-child{display:none}
.listed table{width:100%}.listed tr{display:block;padding:.5rem 0;
border-top:1px solid var(--line)}.listed td{display:block;border:0;padding:0;max-width:none;
overflow-wrap:anywhere}.listed td:empty{display:none}
.listed td:not(:first-child)::before{content:attr(data-head) ": ";color:var(--quiet)}
.listed td:first-child{font-weight:600}}
"""


def as_html(report: CiReport) -> str:
    """*report* as a page."""
    title = f"{report.name}: {'passed' if report.code == 0 else 'failed'}"
    body = "".join(_cell(cell) for cell in report.cells)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)}</title>"
        f"<style>{STYLE}{plot.STYLE}{ci_hunks.STYLE}</style></head><body>"
        f"<h1>{escape(report.name)}: {_verdict(report.code)}</h1>"
        f'<p class="quiet">{_count(len(report.cells), "cell")} in {report.seconds:.1f} s</p>{body}'
        "</body></html>\n"
    )


def _verdict(code: int) -> str:
    return '<span class="ok">passed</span>' if code == 0 else '<span class="bad">failed</span>'


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _cell(cell: CellReport) -> str:
    details = "".join(_details(step, cell) for step in cell.steps)
    return f"<h2>{escape(cell.cell.name)}: {_verdict(cell.code)}</h2>{_timeline(cell)}{details}"


def _timeline(cell: CellReport) -> str:
    """The steps one below the other, each bar beginning where the one before it ended; a step
    that was kept has the time that it took when it ran."""
    took = [step.seconds for step in cell.steps]
    whole = sum(took) or 1.0
    rows, begun = [], 0.0
    for step, seconds in zip(cell.steps, took, strict=True):
        kind = "" if step.passed else ' class="failed"'
        shown = f"{seconds:.1f} s" + (", cached" if step.cached else "")
        mark = "" if step.passed else '<span class="bad">failed</span> '
        rows.append(
            f"<li{kind}><b>{escape(step.name)}</b><span>{mark}{escape(step.summary)}</span>"
            f'<time>{shown}</time><div><i style="margin-left:{95 * begun / whole:.1f}%;'
            f'width:{95 * seconds / whole:.1f}%"></i></div></li>'
        )
        begun += seconds
    return f'<ol class="steps">{"".join(rows)}</ol>'


def _details(step: Step, cell: CellReport) -> str:
    render = SECTIONS.get(step.name)
    return "".join(render(step.document, cell)) if render else ""


def _apply(document: dict[str, Any], _: CellReport) -> Iterator[str]:
    for patch in document.get("patches", ()):
        yield f'<h3>{escape(patch["subject"])}</h3><p class="quiet">{escape(patch["author"])}</p>'
    count = sum(len(file["hunks"]) for file in document.get("files", ()))
    yield _folded(f"Hunks ({count})", "".join(ci_hunks.hunks(document)), open_=count <= SHOWN_OPEN)


def _audit(document: dict[str, Any], _: CellReport) -> Iterator[str]:
    rows = [
        (driver["file"], driver["verdict"], driver.get("reason", ""), _chain(driver))
        for driver in document.get("drivers", ())
    ]
    if rows:
        table = _listed(("driver", "verdict", "reason", "chain"), rows)
        yield _folded(f"Audit ({_count(len(rows), 'driver')})", table)
    findings = [(f["file"], f["line"], f["kind"], f["message"]) for f in document["findings"]]
    if findings:
        yield _folded(
            f"Findings ({len(findings)})", _listed(("file", "line", "kind", "message"), findings)
        )


def _chain(driver: dict[str, Any]) -> str:
    steps = driver.get("chain", ())
    return " → ".join(f"{step['file']}:{step['line']} {step['what']}" for step in steps)


def _build(document: dict[str, Any], _: CellReport) -> Iterator[str]:
    took = document.get("duration", {})
    if took:
        yield bars("Build: seconds of each step", list(took.items()))
    errors = [(e["path"], e["line"], e["text"]) for e in document["results"]["errors"]]
    if errors:
        yield _listed(("file", "line", "error"), errors)
    yield "".join(f"<p>{escape(line)}</p>" for line in document.get("blame", ()))
    rewrites = list(document.get("rewrites", {}).items())
    if rewrites:
        yield _folded("Rewrites for the compiler", _table(("rule", "places"), rewrites))


def _boot(document: dict[str, Any], cell: CellReport) -> Iterator[str]:
    spent = f"{document['accel']}, {document['seconds']} s to the verdict"
    yield f'<h3>Boot: {escape(document["verdict"])}</h3><p class="quiet">{escape(spent)}</p>'
    if document.get("reason"):
        yield f"<pre>{escape(chr(10).join((document['reason'], *document['trace'])))}</pre>"
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


def _folded(title: str, body: str, *, open_: bool = False) -> str:
    shown = " open" if open_ else ""
    return f"<details{shown}><summary>{escape(title)}</summary>{body}</details>"


def _listed(head: tuple[str, ...], rows: list[tuple[Any, ...]]) -> str:
    """A table of sentences: on a phone each row is a paragraph."""
    top = "".join(f"<th>{escape(name)}</th>" for name in head)
    body = "".join(
        "<tr>"
        + "".join(
            f'<td data-head="{escape(name)}">{escape(str(cell))}</td>'
            for name, cell in zip(head, row, strict=True)
        )
        + "</tr>"
        for row in rows
    )
    return f'<div class="wide listed"><table><tr>{top}</tr>{body}</table></div>'


def _table(head: tuple[str, ...], rows: list[tuple[Any, ...]]) -> str:
    top = "".join(f"<th>{escape(name)}</th>" for name in head)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row) + "</tr>" for row in rows
    )
    return f'<div class="wide"><table><tr>{top}</tr>{body}</table></div>'
