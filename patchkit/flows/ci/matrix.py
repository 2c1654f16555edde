"""A recipe → every cell of its matrix, fetched, applied, audited, built, booted → one verdict."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from patchkit.errors import InputError
from patchkit.flows.ci.recipe import Cell, Recipe
from patchkit.flows.ci.steps import Documents, Runner, Step
from patchkit.host.files import locked
from patchkit.host.process import threads
from patchkit.snapshots.dir_tree import OUTPUT


@dataclass(frozen=True, slots=True)
class CellReport:
    """The steps of one cell, and the folder with their logs."""

    cell: Cell
    folder: Path
    steps: tuple[Step, ...]

    @property
    def code(self) -> int:
        """0, or that of the first step that did not pass."""
        return next((step.code for step in self.steps if not step.passed), 0)


@dataclass(frozen=True, slots=True)
class CiReport:
    """All cells, in the recipe's order; ``seconds`` of wall time."""

    name: str
    cells: tuple[CellReport, ...]
    seconds: float

    @property
    def code(self) -> int:
        return next((cell.code for cell in self.cells if cell.code), 0)


def run_recipe(
    recipe: Recipe,
    output: Path,
    documents: Documents,
    *,
    jobs: int,
    progress: Callable[[str], None],
) -> CiReport:
    """Run *recipe* into *output*, *jobs* cells at once.

    A step that passed on the same inputs is not run again, so a run that was killed goes on
    where it was.

    Raises:
        InputError: *output* holds what no run made.
        HostError: another run holds *output*.
    """
    began = time.monotonic()
    output.mkdir(parents=True, exist_ok=True)
    _mark(output)

    def run(cell: Cell) -> CellReport:
        folder = output / cell.name
        folder.mkdir(exist_ok=True)
        runner = Runner(
            recipe, cell, folder, documents, lambda step: progress(f"{cell.name}: {step}")
        )
        return CellReport(cell, folder, runner.run())

    busy = f"{output}: another 'patchkit ci' is at work there; name another folder with --output"
    with locked(output, busy=busy), threads(jobs) as pool:
        # one by one they run in this thread, where Ctrl-C ends an audit at once
        cells = tuple((map if jobs == 1 else pool.map)(run, recipe.cells))
    return CiReport(recipe.name, cells, time.monotonic() - began)


def _mark(output: Path) -> None:
    """Say that *output* is no part of the tree around it; a folder of sources is none of ours."""
    if (output / OUTPUT).exists():
        return
    if any(output.iterdir()) and not (output / "junit.xml").exists():
        raise InputError(f"{output}: holds other files; name a new folder with --output")
    (output / OUTPUT).touch()
