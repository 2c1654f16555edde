"""``patchkit snapshots``."""

from __future__ import annotations

import click

from patchkit.cli import leave
from patchkit.errors import Exit


@click.command()
@click.option("--verify", is_flag=True, help="Read all files and compare them with their sums.")
@click.option("--format", "style", type=click.Choice(["text", "json"]), default="text")
def snapshots(verify: bool, style: str) -> None:
    """List the kernels that --snapshot can name: the fetched ones, and the shipped miniature.

    \b
    Examples:
      patchkit snapshots
      patchkit snapshots --verify
    """
    from patchkit.flows.kernels.list_snapshots import list_snapshots
    from patchkit.report import snapshot_json, snapshot_text

    listed = list_snapshots(verify=verify)
    report = snapshot_json if style == "json" else snapshot_text
    click.echo(report.listed(listed))
    leave(Exit.FINDINGS if any(one.changed for one in listed) else Exit.CLEAN)
