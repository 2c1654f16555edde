"""``patchkit boot``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from patchkit.cli import leave


@click.command()
@click.argument("kernel", type=click.Path(path_type=Path, exists=True), metavar="DIR|IMAGE")
@click.option("--test", "tests", multiple=True, metavar="NAME", help="smoke, reserve-matrix, "
              "bttv-as-posted, swap-pressure, modules; default: smoke.")  # fmt: skip
@click.option("--timeout", type=click.FloatRange(1, 86400), default=60.0, metavar="S")
@click.option("--accel", type=click.Choice(["auto", "kvm", "tcg"]), default="auto")
@click.option("-v", "--verbose", is_flag=True, help="Show the console while it boots.")
@click.option("--console", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
def boot(
    kernel: Path, tests: tuple[str, ...], verbose: bool, console: Path | None, form: str, **how: Any
) -> None:
    """Boot a built kernel in QEMU and bring back a verdict from inside the guest.

    Exit status: 0 booted and all tests passed, 11 panic, 12 hung, 13 lost, 14 tests failed.

    \b
    Examples:
      patchkit boot kernel/
      patchkit boot kernel/ --test reserve-matrix --test swap-pressure --format json
    """
    from patchkit.flows.boot_kernel import boot_kernel, kernel_in
    from patchkit.host.files import atomic_write
    from patchkit.report.boot import as_json, as_text, exit_code

    def show(line: bytes) -> None:
        if verbose:
            text = line.decode("latin-1")
            print("".join(c for c in text if c.isprintable() or c == "\t"), file=sys.stderr)

    report, said = boot_kernel(kernel_in(kernel), tests or ("smoke",), on_line=show, **how)
    if console is not None:
        atomic_write(console, said)
    click.echo(as_json(report) if form == "json" else as_text(report))
    leave(exit_code(report))
