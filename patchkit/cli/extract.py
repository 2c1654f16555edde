"""``patchkit extract``: mails in, patches out."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from patchkit.cli import leave


@click.command()
@click.argument("mails", nargs=-1, required=True, metavar="MAIL...")
@click.option("-o", "--output", "folder", type=click.Path(path_type=Path, file_okay=False),
              metavar="DIR", help="Write one file per patch here, not all to stdout.")  # fmt: skip
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text",
              help="Report as text on stderr, or as a JSON document on stdout.")  # fmt: skip
@click.option("--quilt", is_flag=True, help="Write quilt's series file too; needs -o.")
@click.option("--strict", is_flag=True, help="Exit 3 when anything had to be repaired.")
def extract(
    mails: tuple[str, ...], folder: Path | None, form: str, *, quilt: bool, strict: bool
) -> None:
    """Take the patches out of MAIL..., with the author's bytes restored.

    MAIL is a mail, an mbox, a maildir, a page saved from an archive or text copied off one, a
    diff, or - for standard input; its content decides, not its name.

    \b
    Examples:
      patchkit extract mail.txt > fix.patch
      patchkit extract list.mbox -o patches/ --quilt
      curl -s URL | patchkit extract - --format json
    """
    from patchkit.flows.intake.extract_mail import extract_to_folder, extract_to_stream
    from patchkit.flows.intake.read_mail import read_mail
    from patchkit.report.extract_json import extract_json
    from patchkit.report.extract_text import extract_text

    if quilt and folder is None:
        raise click.UsageError("--quilt needs -o DIR, where the series file goes")
    with read_mail(mails, sys.stdin.buffer) as mailing:
        if folder is not None:
            report = extract_to_folder(mailing, folder, quilt=quilt)
        else:
            stdout = sys.stdout.buffer
            report = extract_to_stream(mailing, stdout if form == "text" else None)
    if form == "json":
        click.echo(extract_json(report))
    else:
        click.echo(extract_text(report), err=True, nl=False)
    leave(report.exit(strict=strict))
