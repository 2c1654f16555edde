"""``patchkit audit``."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import click

from patchkit.cli import complete, leave
from patchkit.errors import Exit


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--tree", type=click.Path(path_type=Path), help="The folder with the kernel.")
@click.option("--snapshot", metavar="VERSION", shell_complete=complete.snapshot,
              help="A fetched kernel instead of a folder.")  # fmt: skip
@click.option("--format", "style", type=click.Choice(["text", "json"]), default="text")
@click.option("--sites", is_flag=True, help="Only list the sites; judge nothing.")
def audit(
    paths: tuple[str, ...], tree: Path | None, snapshot: str | None, style: str, *, sites: bool
) -> None:
    """List every place at or below PATH that reserves pages, and what should become of it.

    PATHs are relative to the tree; without --tree and --snapshot that is the current directory.

    \b
    Examples:
      patchkit audit drivers/ --tree linux/
      patchkit audit . --snapshot 2.4.0-test10 --format json
    """
    from patchkit.flows.audit_tree import audit_tree
    from patchkit.report import audit_json, audit_text
    from patchkit.snapshots.open import open_tree

    opened = open_tree(tree=tree, snapshot=snapshot)
    report = audit_tree(opened, [PurePosixPath(path) for path in paths], verdicts=not sites)
    for missed in report.unreadable:
        click.echo(f"patchkit: {missed.reason}", err=True)
    printed = audit_json.as_json(report) if style == "json" else audit_text.as_text(report)
    if printed:
        click.echo(printed)
    if report.unreadable:
        leave(Exit.INCOMPLETE)
    leave(Exit.FINDINGS if report.sites else Exit.CLEAN)
