"""What the shell may complete beyond option names and files: what only patchkit knows."""

from __future__ import annotations

from pathlib import Path

import click
from click.shell_completion import CompletionItem


def series(context: click.Context, parameter: click.Parameter, typed: str) -> list[CompletionItem]:
    """Files, and series by name: those of ``--patches DIR`` where it stands before."""
    from patchkit.errors import PatchkitError
    from patchkit.host.shipped import shipped
    from patchkit.snapshots.series import known_series

    folder = context.params.get("folder")
    try:
        names = known_series(Path(folder) if folder else shipped("patches"))
    except PatchkitError:
        names = ()  # the command will say what is wrong; a shell has no place for it
    # bash falls back to files only where no name fits, and only if it hears of them first.
    return [CompletionItem(typed, type="file"), *_starting(names, typed)]


def snapshot(
    context: click.Context, parameter: click.Parameter, typed: str
) -> list[CompletionItem]:
    """The kernels that are there without a network."""
    from patchkit.flows.kernels.list_snapshots import list_snapshots

    versions = [one.snapshot.version for one in list_snapshots(verify=False)]
    return _starting(tuple(versions), typed)


def _starting(names: tuple[str, ...], typed: str) -> list[CompletionItem]:
    return [CompletionItem(name) for name in names if name.startswith(typed)]
