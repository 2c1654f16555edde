"""``patchkit ci``."""

from __future__ import annotations

from pathlib import Path

import click

from patchkit.cli import UNCONFINED, leave

FOLDER = click.Path(path_type=Path, file_okay=False)


@click.command()
@click.argument("recipe", type=click.Path(path_type=Path, dir_okay=False), required=False)
@click.option("-o", "--output", type=FOLDER, default="patchkit-ci", show_default=True)
@click.option("--jobs", type=click.IntRange(1, 64), default=1, help="Cells at once.")
@click.option("--init", "init", is_flag=True, help="Write a recipe and job files here.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
def ci(recipe: Path | None, output: Path, jobs: int, init: bool, form: str) -> None:
    """Run a recipe: fetch, apply, audit, build, boot, test; one verdict.

    A step that passed on the same inputs is not run again. The output folder gets report.html,
    junit.xml, metadata.json and for each cell its SARIF, logs and kernel.

    \b
    Examples:
      patchkit ci --init
      patchkit ci recipe.toml -o out/ --format json
    """
    from patchkit.cli.ci_documents import documents
    from patchkit.flows.ci.init import write_templates
    from patchkit.flows.ci.matrix import run_recipe
    from patchkit.flows.ci.recipe import read_recipe
    from patchkit.host.files import atomic_write
    from patchkit.report.ci_files import report_files
    from patchkit.report.ci_text import as_json, as_text

    if init:
        click.echo("\n".join(str(path) for path in write_templates(Path())))
        return
    if recipe is None:
        raise click.UsageError("name a recipe, or say --init for one to begin with")

    def tell(line: str) -> None:
        click.echo(f"patchkit: {line}", err=True)

    asked = read_recipe(recipe)
    if not asked.container:
        click.echo(UNCONFINED, err=True)
    report = run_recipe(asked, output, documents(), jobs=jobs, progress=tell)
    for name, data in report_files(report).items():
        atomic_write(output / name, data)
    click.echo(as_json(report) if form == "json" else as_text(report))
    leave(report.code)
