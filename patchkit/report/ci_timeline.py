"""The steps of a cell as bars over time."""

from __future__ import annotations

from html import escape

from patchkit.flows.ci.matrix import CellReport

STYLE = """
.steps{list-style:none;padding:0;margin:.75rem 0}
.steps li{display:grid;grid-template-columns:4rem minmax(0,1fr) 7.5rem;gap:0 .5rem;
padding:.25rem 0;border-bottom:1px solid var(--line)}
.steps li>:last-child{grid-column:1/-1;height:4px}
.steps time{text-align:right;color:var(--quiet)}
.steps i{display:block;height:4px;background:var(--bar);border-radius:2px;min-width:2px}
.steps .failed i{background:var(--bad)}
"""
# The audit and the build go on side by side; every other step waits for the one before it.
WAITS_FOR = {"apply": "fetch", "boot": "build"}


def timeline(cell: CellReport) -> str:
    """The steps one below the other, each bar beginning where what it waits for ended; a step
    that was kept has the time that it took when it ran."""
    names = {step.name for step in cell.steps}
    tree = "apply" if "apply" in names else "fetch"
    ends: dict[str, float] = {}
    begins: dict[str, float] = {}
    for step in cell.steps:
        begins[step.name] = ends.get(WAITS_FOR.get(step.name, tree), 0.0)
        ends[step.name] = begins[step.name] + step.seconds
    whole = max(ends.values(), default=0.0) or 1.0
    rows = []
    for step in cell.steps:
        seconds, begun = step.seconds, begins[step.name]
        kind = "" if step.passed else ' class="failed"'
        shown = f"{seconds:.1f} s" + (", cached" if step.cached else "")
        mark = "" if step.passed else '<span class="bad">failed</span> '
        rows.append(
            f"<li{kind}><b>{escape(step.name)}</b><span>{mark}{escape(step.summary)}</span>"
            f'<time>{shown}</time><div><i style="margin-left:{95 * begun / whole:.1f}%;'
            f'width:{95 * seconds / whole:.1f}%"></i></div></li>'
        )
    return f'<ol class="steps">{"".join(rows)}</ol>'
