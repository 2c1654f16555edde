"""``patchkit build``."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import click

from patchkit.cli import UNCONFINED, leave

FOLDER = click.Path(path_type=Path, file_okay=False)


@click.command()
@click.option("--tree", type=FOLDER, metavar="DIR", help="The kernel; default: this directory.")
@click.option("--snapshot", metavar="VERSION", help="A fetched kernel.")
@click.option("--patch", "series", multiple=True, metavar="SERIES|MAIL", help="Applied first.")
@click.option("--patches", type=FOLDER, metavar="DIR", help="Where series are named.")
@click.option("--partial", is_flag=True, help="Build with the hunks that land.")
@click.option("--probes/--no-probes", default=True, help="Build the guest's probe drivers in.")
@click.option(
    "--config", default="tiny", metavar="NAME|FILE", help="tiny, bttv, modules... or a file."
)
@click.option("--toolchain", default="debian-gcc", metavar="NAME", help="See patchkit toolchains.")
@click.option("--arch", type=click.Choice(["i386", "x86_64"]), default="i386")
@click.option("--objects", multiple=True, metavar="FILE.o", help="Only these, no kernel.")
@click.option("--modules", is_flag=True, help="The configuration's modules too.")
@click.option("--engine", metavar="NAME", help="podman or docker; default: what is there.")
@click.option("--no-container", is_flag=True, help="Build on this machine itself.")
@click.option("--keep-going", is_flag=True, help="Compile what can be, for the list of errors.")
@click.option("--jobs", type=click.IntRange(1, 512), metavar="N", help="Default: the processors.")
@click.option("--explain-rewrites", is_flag=True, help="List every place that newcc rewrote.")
@click.option(
    "-o", "--output", type=FOLDER, default="patchkit-build", metavar="DIR", show_default=True
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
def build(form: str, explain_rewrites: bool, **asked: object) -> None:
    """Build a kernel in a container, and say what broke and which hunk did it.

    \b
    Examples:
      patchkit build --snapshot 2.4.0-test10 --config bttv -o kernel/
      patchkit build --snapshot 2.4.18 --config modules --modules -o kernel/
      patchkit build --tree linux/ --patch fix.mbox --objects drivers/char/mem.o
    """
    from patchkit.cli.progress import progress_bar
    from patchkit.flows.kbuild.build_kernel import build_kernel
    from patchkit.flows.kbuild.build_request import Wanted, build_request
    from patchkit.report.build import as_json, as_text, exit_code, rewrites

    repeat = shlex.join(("patchkit", *sys.argv[1:]))
    request = build_request(Wanted(repeat=repeat, **asked))  # type: ignore[arg-type]
    if not request.contained:
        click.echo(UNCONFINED, err=True)
    with progress_bar() as show:
        report = build_kernel(request, show)
    click.echo(as_json(report) if form == "json" else as_text(report))
    if explain_rewrites:
        click.echo(rewrites(report), err=form == "json")
    leave(exit_code(report))
