"""A recipe (TOML) → the cells of its matrix; docs/ci.md has the format."""

from __future__ import annotations

import itertools
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from patchkit.errors import InputError
from patchkit.host.files import reason

KEYS: dict[str, dict[str, type]] = {
    "matrix": {"versions": list, "trees": list, "series": list, "configs": list,
               "toolchains": list},
    "build": {"container": bool, "probes": bool, "partial": bool, "arch": str,
              "patches": str},
    "audit": {"paths": list, "baseline": str, "fail_on": str},
    "boot": {"tests": list, "timeout": int, "accel": str},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cell:
    """One point of the matrix. ``tree`` is a folder where ``version`` is empty."""

    version: str
    tree: Path | None
    series: tuple[str, ...]
    config: str
    toolchain: str

    @property
    def name(self) -> str:
        base = self.version or (self.tree.name if self.tree else "")
        words = (base, "+".join(Path(one).name for one in self.series), self.config, self.toolchain)
        return re.sub(r"[^\w.+-]", "_", "_".join(word for word in words if word))


@dataclass(frozen=True, slots=True)
class Recipe:
    """What to run: ``audit_paths`` and ``tests`` are empty where that step is not asked for."""

    name: str
    folder: Path
    cells: tuple[Cell, ...]
    container: bool = True
    probes: bool = True
    partial: bool = False
    arch: str = "i386"
    patches: Path | None = None
    audit_paths: tuple[str, ...] = ()
    baseline: Path | None = None
    fail_on: str = "error"
    tests: tuple[str, ...] = ()
    timeout: float = 60.0
    accel: str = "auto"


def read_recipe(path: Path) -> Recipe:
    """The recipe in *path*; folders in it are relative to its own.

    Raises:
        InputError: it can't be read, has an unknown key, or a value of the wrong kind.
    """
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"{path}: can't be read: {reason(error)}") from error
    except ValueError as error:
        raise InputError(f"{path}: {error}") from error
    name = found.pop("name", path.stem)
    _check(found, path)
    build, audit, boot = (found.get(part, {}) for part in ("build", "audit", "boot"))
    folder = path.parent
    return Recipe(
        name=str(name),
        folder=folder,
        cells=tuple(_cells(found.get("matrix", {}), folder, path)),
        container=build.get("container", True),
        probes=build.get("probes", True),
        partial=build.get("partial", False),
        arch=build.get("arch", "i386"),
        patches=folder / build["patches"] if "patches" in build else None,
        audit_paths=tuple(audit.get("paths", ())),
        baseline=folder / audit["baseline"] if "baseline" in audit else None,
        fail_on=audit.get("fail_on", "error"),
        tests=tuple(boot.get("tests", ())),
        timeout=float(boot.get("timeout", 60)),
        accel=boot.get("accel", "auto"),
    )


def _check(found: dict[str, Any], path: Path) -> None:
    for part, values in found.items():
        if part not in KEYS or not isinstance(values, dict):
            raise InputError(f"{path}: {part}: no such table; known: {', '.join(KEYS)}")
        for key, value in values.items():
            kind = KEYS[part].get(key)
            if kind is None:
                raise InputError(f"{path}: {part}.{key}: no such key")
            if not isinstance(value, kind):
                raise InputError(f"{path}: {part}.{key}: must be a {kind.__name__}")


def _cells(matrix: dict[str, Any], folder: Path, path: Path) -> list[Cell]:
    trees: list[tuple[str, Path | None]] = [(str(v), None) for v in matrix.get("versions", ())]
    trees += [("", (folder / str(tree)).resolve()) for tree in matrix.get("trees", ())]
    if not trees:
        raise InputError(f"{path}: matrix: names no versions and no trees")
    every = itertools.product(
        trees,
        matrix.get("series", [[]]),
        matrix.get("configs", ["tiny"]),
        matrix.get("toolchains", ["debian-gcc"]),
    )
    cells = []
    for (version, tree), series, config, toolchain in every:
        names = [series] if isinstance(series, str) else series
        here = (str(folder / one) if (folder / one).is_file() else one for one in names)
        cells.append(Cell(version, tree, tuple(here), config, toolchain))
    return cells
