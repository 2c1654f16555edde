"""``patchkit apply`` where it stops at a conflict, and what goes on from there."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from patchkit.errors import Exit

if TYPE_CHECKING:
    from patchkit.cli.asked import Asked
    from patchkit.flows.apply.carry_stack import StackReport


def stack(patches: tuple[str, ...], asked: Asked) -> int:
    """Start a stack, or go on with the one under way; the exit code."""
    from patchkit.flows.apply import apply_stack
    from patchkit.flows.apply.apply_series import exit_of

    folder = asked.tree or Path()
    if asked.abort:
        count = apply_stack.abort(folder)
        click.echo(f"undone: {count} file{'' if count == 1 else 's'} put back in {folder}")
        return Exit.CLEAN
    if asked.quit:
        apply_stack.forget(folder)
        click.echo(f"forgotten; {folder} is as it was left")
        return Exit.CLEAN
    if asked.go_on:
        report = apply_stack.go_on(folder)
    elif asked.skip:
        report = apply_stack.skip(folder)
    else:
        report = _started(patches, folder, asked)
    _show(report, asked)
    if report.stop is not None:
        return Exit.FINDINGS
    return exit_of(report.series, report.notes, strict=asked.strict)


def _started(patches: tuple[str, ...], folder: Path, asked: Asked) -> StackReport:
    from patchkit.flows.apply import apply_stack
    from patchkit.flows.intake.extract_mail import extract_mail
    from patchkit.flows.intake.named_series import as_described, named_inputs
    from patchkit.flows.intake.read_mail import read_mail
    from patchkit.stack.state import Leave, Terms

    terms = Terms(
        commit=asked.commit,
        leave=Leave.of(markers=asked.markers, reject=asked.reject),
        reverse=asked.reverse,
        adapt=asked.adapt,
        history=str(asked.history.absolute()) if asked.history else "",
        history_rev=asked.history_rev or "",
        memory=asked.memory,
        series=str(asked.write_series.absolute()) if asked.write_series else "",
        form=asked.series_form,
    )
    named = named_inputs(patches, asked.folder)
    with read_mail(named.files, sys.stdin.buffer) as mailing:
        found = as_described(extract_mail(mailing), named.series)
        return replace(apply_stack.start(folder, found, terms), notes=mailing.notes)


def _show(report: StackReport, asked: Asked) -> None:
    from patchkit.report import apply_text, stack_json, stack_text

    if problem := report.series.past.problem:
        click.echo(apply_text.printable(f"history: {problem}; went on without it"), err=True)
    if asked.form == "json":
        click.echo(stack_json.as_json(report))
        return
    for note in report.notes:
        click.echo(apply_text.printable(f"{note.kind}: {note.text}"), err=True)
    detail = apply_text.Detail(asked.interdiff, proposals=True)
    click.echo(stack_text.as_text(report, detail=detail))
