"""A recipe's run as one self-contained page: no script, nothing fetched, narrow screens first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import escape
from typing import Any

from patchkit.flows.ci.matrix import CellReport, CiReport
from patchkit.flows.ci.steps import Step
from patchkit.report import ci_hunks, ci_timeline, plot
from patchkit.report.ci_boot import boot
from patchkit.report.ci_parts import Markup, folded, listed, table, verdict
from patchkit.report.ci_timeline import timeline
from patchkit.report.plot import bars

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
        f"<h1>{escape(report.name)}: {verdict(report.code)}</h1>"
        f'<p class="quiet">{_count(len(report.cells), "cell")} in {report.seconds:.1f} s</p>'
        f"{_contents(report)}{body}"
        "</body></html>\n"
    )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _contents(report: CiReport) -> str:
    """Where more than one cell is, all of them on one screen."""
    if len(report.cells) < 2:
        return ""
    rows = (
        f'<li><a href="#cell-{number}">{escape(cell.cell.name)}</a> {verdict(cell.code)}'
        f"{escape(_stopped(cell))}</li>"
        for number, cell in enumerate(report.cells, 1)
    )
    return f'<ol class="cells">{"".join(rows)}</ol>'


def _stopped(cell: CellReport) -> str:
    wrong = (f" at {step.name}: {step.summary}" for step in cell.steps if not step.passed)
    return next(wrong, "")


def _cell(number: int, cell: CellReport) -> str:
    details = "".join(_details(step, cell) for step in cell.steps)
    head = f'<h2 id="cell-{number}">{escape(cell.cell.name)}: {verdict(cell.code)}</h2>'
    return f"{head}{timeline(cell)}{details}"


def _details(step: Step, cell: CellReport) -> str:
    render = SECTIONS.get(step.name)
    # a step that could not be made has a reason and no document
    return "".join(render(step.document, cell)) if render and step.document else ""


def _apply(document: dict[str, Any], _: CellReport) -> Iterator[str]:
    for patch in document.get("patches", ()):
        yield f'<h3>{escape(patch["subject"])}</h3><p class="quiet">{escape(patch["author"])}</p>'
    count = sum(len(file["hunks"]) for file in document.get("files", ()))
    yield folded(f"Hunks ({count})", "".join(ci_hunks.hunks(document)), open_=count <= SHOWN_OPEN)


def _audit(document: dict[str, Any], _: CellReport) -> Iterator[str]:
    rows = [
        (driver["file"], driver["verdict"], driver.get("reason", ""), _chain(driver))
        for driver in document.get("drivers", ())
    ]
    if rows:
        drivers = listed(("driver", "verdict", "reason", "chain"), rows)
        yield folded(f"Audit ({_count(len(rows), 'driver')})", drivers)
    findings = [(f["file"], f["line"], f["kind"], f["message"]) for f in document["findings"]]
    if findings:
        yield folded(
            f"Findings ({len(findings)})", listed(("file", "line", "kind", "message"), findings)
        )


def _chain(driver: dict[str, Any]) -> Markup:
    """How the verdict was come to, step by step."""
    steps = driver.get("chain", ())
    items = "".join(
        f"<li><code>{escape(step['file'])}:{step['line']}</code> {escape(step['what'])}</li>"
        for step in steps
    )
    return Markup(folded(_count(len(steps), "step"), f"<ol>{items}</ol>") if steps else "")


def _build(document: dict[str, Any], _: CellReport) -> Iterator[str]:
    took = document.get("duration", {})
    if took:
        yield bars("Build: seconds of each step", list(took.items()))
    errors = [(e["path"], e["line"], e["text"]) for e in document["results"]["errors"]]
    if errors:
        yield listed(("file", "line", "error"), errors)
    yield "".join(f"<p>{escape(line)}</p>" for line in document.get("blame", ()))
    warnings = [(w["path"], w["line"], w["text"]) for w in document["results"]["warnings"]]
    if warnings:
        yield listed(("file", "line", "new warning"), warnings)
    refused = [tuple(one) for one in document.get("refused", ())]
    if refused:
        yield folded("Options not kept", table(("option", "asked", "is"), refused))
    modules = document.get("modules")
    if modules:
        words = modules["none"] or f"{modules['made']} of {modules['asked']} made"
        yield f"<p>Modules: {escape(words)}</p>"
    if modules and modules["not_made"]:
        rows = [(one["name"], one["cause"]) for one in modules["not_made"]]
        yield listed(("module", "not made because"), rows)
    rewrites = list(document.get("rewrites", {}).items())
    if rewrites:
        yield folded("Rewrites for the compiler", table(("rule", "places"), rewrites))


SECTIONS: dict[str, Callable[[dict[str, Any], CellReport], Iterator[str]]] = {
    "apply": _apply,
    "audit": _audit,
    "build": _build,
    "boot": boot,
}
