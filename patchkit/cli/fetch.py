"""``patchkit fetch``."""

from __future__ import annotations

import click

from patchkit.cli.progress import progress_bar


@click.command()
@click.argument("version")
@click.option(
    "--from",
    "source",
    metavar="SOURCE",
    help="A tarball (.gz, .bz2, .xz), an unpacked tree, a git repository, or the address of a "
    "tarball or repository; an address that ends in a slash is a mirror laid out as kernel.org.",
)
@click.option("--offline", is_flag=True, help="Do not use the network.")
@click.option("--again", is_flag=True, help="Fetch anew what is in the cache already.")
@click.option("--despite-pin", is_flag=True, help="Keep a tree that differs from its pin.")
@click.option("--format", "style", type=click.Choice(["text", "json"]), default="text")
def fetch(
    version: str, source: str | None, offline: bool, again: bool, despite_pin: bool, style: str
) -> None:
    """Bring the kernel VERSION into the cache, from kernel.org or from SOURCE, verified.

    2.4.0-test10-pre4, 2.4.0-test10pre4 and v2.4.0-test10-pre4 name the same version.

    \b
    Examples:
      patchkit fetch 2.4.18
      patchkit fetch v2.6.9 --from linux-2.6.9.tar.bz2
      patchkit fetch 2.4.0-test10-pre4 --from ~/linux-history.git
    """
    from patchkit.flows.kernels.fetch_snapshot import fetch_snapshot
    from patchkit.report import snapshot_json, snapshot_text

    with progress_bar() as progress:
        fetched = fetch_snapshot(
            version,
            source,
            offline=offline,
            again=again,
            despite_pin=despite_pin,
            progress=progress,
        )
    for warning in fetched.warnings:
        click.echo(f"patchkit: {warning}", err=True)
    report = snapshot_json if style == "json" else snapshot_text
    click.echo(report.fetched(fetched))
