"""A recipe's run as one self-contained page: no script, nothing fetched, narrow screens first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import escape
from typing import Any

from patchkit.flows.ci.matrix import CellReport, CiReport
from patchkit.flows.ci.steps import Step
from patchkit.report import ci_hunks, ci_timeline, plot
from patchkit.report.ci_timeline import timeline
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
.cells{padding-left:1.5rem}a{color:var(--bar)}
td details{margin:0}td ol{margin:.25rem 0;padding-left:1.5rem}td summary{font-weight:400;padding:0}
code{font:.8rem/1.45 ui-monospace,monospace}
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
    body = "".join(_cell(number, cell) for number, cell in enumerate(report.cells, 1))
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)}</title>"
        f"<style>{STYLE}{plot.STYLE}{ci_hunks.STYLE}{ci_timeline.STYLE}</style></head><body>"
        f"<h1>{escape(report.name)}: {_verdict(report.code)}</h1>"
        f'<p class="quiet">{_count(len(report.cells), "cell")} in {report.seconds:.1f} s</p>'
        f"{_contents(report)}{body}"
        "</body></html>\n"
    )


def _verdict(code: int) -> str:
    return '<span class="ok">passed</span>' if code == 0 else '<span class="bad">failed</span>'


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _contents(report: CiReport) -> str:
    """Where more than one cell is, all of them on one screen."""
    if len(report.cells) < 2:
        return ""
    rows = (
        f'<li><a href="#cell-{number}">{escape(cell.cell.name)}</a> {_verdict(cell.code)}'
        f"{escape(_stopped(cell))}</li>"
        for number, cell in enumerate(report.cells, 1)
    )
    return f'<ol class="cells">{"".join(rows)}</ol>'


def _stopped(cell: CellReport) -> str:
    wrong = (f" at {step.name}: {step.summary}" for step in cell.steps if not step.passed)
    return next(wrong, "")


def _cell(number: int, cell: CellReport) -> str:
    details = "".join(_details(step, cell) for step in cell.steps)
    head = f'<h2 id="cell-{number}">{escape(cell.cell.name)}: {_verdict(cell.code)}</h2>'
    return f"{head}{timeline(cell)}{details}"


def _details(step: Step, cell: CellReport) -> str:
    render = SECTIONS.get(step.name)
    # a step that could not be made has a reason and no document
    return "".join(render(step.document, cell)) if render and step.document else ""


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


class _Markup(str):
    """HTML, as it is to be shown."""


def _chain(driver: dict[str, Any]) -> _Markup:
    """How the verdict was come to, step by step."""
    steps = driver.get("chain", ())
    items = "".join(
        f"<li><code>{escape(step['file'])}:{step['line']}</code> {escape(step['what'])}</li>"
        for step in steps
    )
    count = _count(len(steps), "step")
    folded = f"<details><summary>{count}</summary><ol>{items}</ol></details>"
    return _Markup(folded if steps else "")


def _build(document: dict[str, Any], _: CellReport) -> Iterator[str]:
    took = document.get("duration", {})
    if took:
        yield bars("Build: seconds of each step", list(took.items()))
    errors = [(e["path"], e["line"], e["text"]) for e in document["results"]["errors"]]
    if errors:
        yield _listed(("file", "line", "error"), errors)
    yield "".join(f"<p>{escape(line)}</p>" for line in document.get("blame", ()))
    modules = document.get("modules")
    if modules:
        words = modules["none"] or f"{modules['made']} of {modules['asked']} made"
        yield f"<p>Modules: {escape(words)}</p>"
    if modules and modules["not_made"]:
        rows = [(one["name"], one["cause"]) for one in modules["not_made"]]
        yield _listed(("module", "not made because"), rows)
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
            f'<td data-head="{escape(name)}">{_shown(cell)}</td>'
            for name, cell in zip(head, row, strict=True)
        )
        + "</tr>"
        for row in rows
    )
    return f'<div class="wide listed"><table><tr>{top}</tr>{body}</table></div>'


def _shown(cell: object) -> str:
    return cell if isinstance(cell, _Markup) else escape(str(cell))


def _table(head: tuple[str, ...], rows: list[tuple[Any, ...]]) -> str:
    top = "".join(f"<th>{escape(name)}</th>" for name in head)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row) + "</tr>" for row in rows
    )
    return f'<div class="wide"><table><tr>{top}</tr>{body}</table></div>'
