"""An audit for people: ``file:line:column: message [rule]``, then a table for each verdict."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from typing import TYPE_CHECKING

from patchkit.audit.driver import MEANING, Driver, Finding, Verdict
from patchkit.audit.notice import site_message
from patchkit.audit.report import AuditReport

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table


def as_text(
    report: AuditReport, *, verbose: bool = False, color: bool = False, width: int = 100
) -> str:
    """*report* without a final newline; empty where nothing was found.

    *verbose* adds each driver's chain and the tree's rules.
    """
    lines = "\n".join(_lines(report))
    if not report.drivers:
        return lines
    shown = _tables(report, color=color, width=width)
    parts = [lines, shown]
    if verbose:
        parts.extend(map(evidence, report.drivers))
        parts.append(rules_text(report))
    return "\n\n".join(part for part in parts if part)


def _lines(report: AuditReport) -> Iterator[str]:
    for site in report.sites:
        yield f"{site.file}:{site.line}:{site.column}: {site_message(site)} [{site.rule}]"
    for driver in report.drivers:
        yield from map(_finding, driver.findings)
    yield from map(_finding, report.findings)
    for file in report.files:
        if file.unparsed:
            first = file.unparsed[0].line
            yield f"{file.file}:{first}:1: {_spans(len(file.unparsed))} [unparsed]"


def _finding(found: Finding) -> str:
    return f"{found.file}:{found.line}:{found.column}: {found.message} [{found.kind}]"


def _spans(count: int) -> str:
    if count == 1:
        return "from here on a span that the C grammar can't read; sites in it are listed"
    return f"first of {count} spans that the C grammar can't read; sites in them are listed"


def _tables(report: AuditReport, *, color: bool, width: int) -> str:
    from rich.console import Console

    console = Console(
        file=StringIO(), width=width, no_color=not color, force_terminal=color, highlight=False
    )
    for verdict in Verdict:
        drivers = [driver for driver in report.drivers if driver.verdict is verdict]
        if drivers:
            _print_group(console, verdict, drivers)
    printed = console.file
    assert isinstance(printed, StringIO)
    return "\n".join(line.rstrip() for line in printed.getvalue().rstrip().split("\n"))


def _print_group(console: Console, verdict: Verdict, drivers: list[Driver]) -> None:
    from rich.markup import escape

    console.print(f"[bold]{verdict}[/bold]: {escape(MEANING[verdict])}", soft_wrap=True)
    console.print(_table(drivers))
    console.print()


def _table(drivers: list[Driver]) -> Table:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("file", "memory", "vma_reserve() goes into", "confidence"):
        table.add_column(heading, overflow="fold")
    for driver in drivers:
        places = "\n".join(f"{p.function}() {p.file}:{p.line}" for p in driver.places)
        cells = (str(driver.file), str(driver.memory), places or "-", driver.confidence.value)
        table.add_row(*map(Text, cells))
    return table


def evidence(driver: Driver) -> str:
    """One driver's verdict with its reason and the chain that leads to it."""
    lines = [f"{driver.file}: {driver.verdict} ({driver.confidence} confidence)", driver.reason]
    lines += [f"  {step.file}:{step.line}: {step.what}" for step in driver.chain]
    return "\n".join(lines)


def rules_text(report: AuditReport) -> str:
    """What the tree's own mm/ says, with the lines that show it."""
    lines = ["In this tree:"]
    for rule in report.tree_rules:
        holds = "yes" if rule.holds else "no"
        lines.append(f"  {holds:3}  {rule.name}: {rule.means} ({rule.where})")
    return "\n".join(lines)
