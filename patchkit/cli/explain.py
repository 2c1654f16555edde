"""``patchkit explain``."""

from __future__ import annotations

from pathlib import Path

import click

from patchkit.cli import leave
from patchkit.errors import Exit

FOLDER = click.Path(path_type=Path, file_okay=False)


@click.command()
@click.argument("subject", metavar="SITE|VERDICT")
@click.option("--tree", type=FOLDER, metavar="DIR", help="The kernel; default: this directory.")
@click.option("--snapshot", metavar="VERSION", help="A fetched kernel instead of a folder.")
def explain(subject: str, tree: Path | None, snapshot: str | None) -> None:
    """Say why: the chain behind a driver's verdict, or what a verdict means in this tree.

    SITE is FILE or FILE:LINE in the tree; VERDICT is a name that audit prints.

    \b
    Examples:
      patchkit explain drivers/media/video/bttv-driver.c:194 --tree linux/
      patchkit explain add-vma_reserve-keep-pages --snapshot 2.4.0-test10
    """
    from patchkit.flows.audit.explain_audit import explain_audit
    from patchkit.report.audit_explained import as_page
    from patchkit.snapshots.open import open_tree

    explained = explain_audit(open_tree(tree=tree, snapshot=snapshot), subject)
    click.echo(as_page(explained))
    leave(Exit.CLEAN)
