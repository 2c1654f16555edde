"""A recipe (TOML) → the cells of its matrix; docs/ci.md has the format."""

from __future__ import annotations

import itertools
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from patchkit.errors import InputError
from patchkit.flows.ci.check import check_recipe
from patchkit.host.files import reason

# A file's name ends at 255 bytes.
NAME = 120


@dataclass(frozen=True, slots=True)
class Cell:
    """One point of the matrix. ``tree`` is a folder where ``version`` is empty; ``number`` tells
    cells apart that would have one name."""

    version: str
    tree: Path | None
    series: tuple[str, ...]
    config: str
    toolchain: str
    number: int = 1

    @property
    def name(self) -> str:
        base = self.version or (self.tree.name if self.tree else "")
        words = (base, "+".join(Path(one).name for one in self.series), self.config, self.toolchain)
        name = re.sub(r"[^\w.+-]", "_", "_".join(word for word in words if word))[:NAME]
        return name if self.number == 1 else f"{name}-{self.number}"


@dataclass(frozen=True, slots=True)
class Recipe:
    """What to run: ``audit_paths`` and ``tests`` are empty where that step is not asked for."""

    name: str
    folder: Path
    cells: tuple[Cell, ...]
    container: bool = True
    probes: bool = True
    modules: bool = False
    partial: bool = False
    arch: str = "i386"
    patches: Path | None = None
    audit_paths: tuple[str, ...] = ()
    baseline: Path | None = None
    fail_on: str = "error"
    tests: tuple[str, ...] = ()
    timeout: float = 60.0
    accel: str = "auto"
    append: str = ""


def read_recipe(path: Path) -> Recipe:
    """The recipe in *path*; folders in it are relative to its own.

    Raises:
        InputError: it can't be read, has an unknown key, or a value of the wrong kind.
    """
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"{path}: can't be read: {reason(error)}") from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path}: no TOML: {error}") from error
    name = found.pop("name", path.stem)
    if not isinstance(name, str):
        raise InputError(f"{path}: name: must be a text")
    check_recipe(found, path)
    build, audit, boot = (found.get(part, {}) for part in ("build", "audit", "boot"))
    folder = path.parent
    return Recipe(
        name=name,
        folder=folder,
        cells=tuple(_cells(found.get("matrix", {}), folder, path)),
        container=build.get("container", True),
        probes=build.get("probes", True),
        modules=build.get("modules", False),
        partial=build.get("partial", False),
        arch=build.get("arch", "i386"),
        patches=folder / build["patches"] if "patches" in build else None,
        audit_paths=tuple(audit.get("paths", ())),
        baseline=folder / audit["baseline"] if "baseline" in audit else None,
        fail_on=audit.get("fail_on", "error"),
        tests=tuple(boot.get("tests", ())),
        timeout=float(boot.get("timeout", 60)),
        accel=boot.get("accel", "auto"),
        append=boot.get("append", ""),
    )


def _cells(matrix: dict[str, Any], folder: Path, path: Path) -> Iterator[Cell]:
    trees: list[tuple[str, Path | None]] = [(one, None) for one in matrix.get("versions", ())]
    trees += [("", (folder / one).resolve()) for one in matrix.get("trees", ())]
    if not trees:
        raise InputError(f"{path}: matrix: names no versions and no trees")
    every = itertools.product(
        trees,
        matrix.get("series", [[]]),
        matrix.get("configs", ["tiny"]),
        matrix.get("toolchains", ["debian-gcc"]),
    )
    taken = set[str]()
    for (version, tree), series, config, toolchain in every:
        names = (series,) if isinstance(series, str) else tuple(series)
        cells = (Cell(version, tree, names, config, toolchain, n) for n in itertools.count(1))
        cell = next(cell for cell in cells if cell.name not in taken)
        taken.add(cell.name)
        yield cell
