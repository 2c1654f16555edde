"""``patchkit toolchains``."""

from __future__ import annotations

import click


@click.command()
@click.option("--make", "wanted", metavar="NAME", help="Make its image now.")
@click.option("--check", "checked", metavar="NAME", help="Compile something with its image.")
@click.option("--recipe", metavar="NAME", help="Print its Containerfile.")
@click.option("--engine", metavar="NAME", help="podman or docker; default: what is there.")
def toolchains(
    wanted: str | None, checked: str | None, recipe: str | None, engine: str | None
) -> None:
    """List the toolchains that kernels are built with, and make or check their images.

    \b
    Examples:
      patchkit toolchains
      patchkit toolchains --make debian-gcc
      patchkit toolchains --check debian-gcc
    """
    from patchkit.flows.kbuild.toolchain_images import made, recipe_of, rows, versions

    if recipe is not None:
        click.echo(recipe_of(recipe), nl=False)
    elif wanted is not None:
        click.echo(made(wanted, engine))
    elif checked is not None:
        click.echo(versions(checked, engine))
    else:
        for name, state, note in rows(engine):
            click.echo(f"{name:12} {state:12} {note}")
