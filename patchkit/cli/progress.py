"""A progress bar on stderr, where that is a terminal."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator

import click

from patchkit.snapshots.progress import Progress, silent


@contextlib.contextmanager
def progress_bar() -> Iterator[Progress]:
    """What to tell how far a step is; it draws nothing unless stderr is a terminal."""
    if not sys.stderr.isatty():
        yield silent
        return
    from rich.console import Console
    from rich.progress import BarColumn, TaskID, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TimeRemainingColumn(),
    )
    with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
        tasks: dict[str, TaskID] = {}

        def show(what: str, done: int, total: int | None) -> None:
            if what not in tasks:
                for task in tasks.values():
                    bars.update(task, visible=False)
                tasks[what] = bars.add_task(what, total=total)
            bars.update(tasks[what], completed=done, total=total)

        yield show


def counter() -> Progress:
    """A count on stderr, where that is a terminal: for what may not be needed at all, without the
    cost of a bar's libraries."""
    if not sys.stderr.isatty():
        return silent

    def show(what: str, done: int, total: int | None) -> None:
        click.echo("\r\x1b[K" if done == total else f"\r{what}: {done:,}", err=True, nl=False)

    return show
