"""``patchkit inspect``."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import click

from patchkit.cli import complete, leave
from patchkit.errors import Exit

FOLDER = click.Path(path_type=Path, file_okay=False)


@click.command()
@click.argument("patches", nargs=-1, required=True, metavar="PATCH|SERIES|MAIL...",
                shell_complete=complete.series)  # fmt: skip
@click.option("--tree", type=FOLDER, metavar="DIR", help="The kernel that they are for.")
@click.option("--snapshot", metavar="VERSION", shell_complete=complete.snapshot,
              help="A fetched kernel instead of a folder.")  # fmt: skip
@click.option("--patches", "folder", type=FOLDER, metavar="DIR", help="Where series are named.")
@click.option("--history", type=FOLDER, metavar="REPO", help="A git repository with the past.")
@click.option("--history-rev", metavar="REV", help="The commit that the kernel was taken from.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
def inspect(patches: tuple[str, ...], **options: object) -> None:
    """Say what patches touch, define, use and need, before any is applied.

    With a kernel: where each hunk would land, and which symbols the kernel lacks. With a history
    (default: the repository that PATCHKIT_LINUX_HISTORY names): which commit made the same
    change, and which brought each missing symbol.

    \b
    Examples:
      patchkit inspect fix.mbox
      patchkit inspect vm-reserved --snapshot 2.4.0-test10 --history linux.git
      patchkit inspect series/ --tree linux/ --format json
    """
    from patchkit.flows.inspect_patch import inspect_patches, open_pasts
    from patchkit.flows.intake.extract_mail import extract_mail
    from patchkit.flows.intake.named_series import as_described, named_inputs
    from patchkit.flows.intake.read_mail import read_mail
    from patchkit.report import inspect_json, inspect_text
    from patchkit.snapshots.open import open_tree

    asked = Asked(**options)  # type: ignore[arg-type]  # click has checked every one
    chosen = asked.tree is not None or asked.snapshot is not None
    target = open_tree(tree=asked.tree, snapshot=asked.snapshot) if chosen else None
    pasts = open_pasts(asked.history, asked.history_rev, target, asked.snapshot)
    named = named_inputs(patches, asked.folder)
    with read_mail(named.files, sys.stdin.buffer) as mailing:
        patches_read = as_described(extract_mail(mailing), named.series)
        report = inspect_patches(patches_read, target, pasts)
    show = inspect_json.as_json if asked.form == "json" else inspect_text.as_text
    click.echo(show(report))
    leave(Exit.CLEAN)


@dataclass(frozen=True, slots=True)
class Asked:
    """The options, as given."""

    tree: Path | None
    snapshot: str | None
    folder: Path | None
    history: Path | None
    history_rev: str | None
    form: str
