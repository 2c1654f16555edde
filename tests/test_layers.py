"""The import arrows of patchkit, drawn once and checked on every run."""

from __future__ import annotations

import ast
import graphlib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent / "patchkit"

# Each package may import only from the packages listed for it (and `errors`).
MAY_IMPORT: dict[str, set[str]] = {
    "patch": set(),
    "tree": set(),
    "csource": set(),
    "host": set(),
    "mail": {"patch"},
    "repair": {"patch"},
    "history": {"patch", "csource"},
    "port": {"patch", "repair", "tree", "csource", "history"},
    "inspect": {"patch", "repair", "port", "tree", "csource", "history"},
    "apis": {"csource"},
    "audit": {"apis", "csource", "tree"},
    "convert": {"apis", "audit", "csource", "patch"},
    "kbuild": {"host", "csource", "patch", "tree"},
    "boot": {"host"},
    "snapshots": {"tree", "host", "history"},
    "stack": {"mail", "patch", "tree", "snapshots", "host"},
    "flows": {
        "mail", "patch", "repair", "port", "tree", "audit", "convert", "kbuild", "boot",
        "snapshots", "host", "csource", "apis", "history",
        "inspect", "stack",
    },
    "report": {"mail", "patch", "repair", "port", "apis", "audit", "kbuild", "boot", "flows",
        "snapshots", "history", "inspect"},
    "cli": {"audit", "flows", "history", "report", "snapshots", "host", "port", "stack", "tree"},
}  # fmt: skip

# The outside world has one door per library.
ONLY_IN: dict[str, set[str]] = {
    "subprocess": {"host/process.py"},
    "click": {"cli"},
    "git": {
        "snapshots/git_tree.py", "snapshots/git_commit.py", "snapshots/git_remote.py",
        "snapshots/git_history.py", "snapshots/git_work_tree.py", "snapshots/git_branch.py",
        "snapshots/grown_index.py",
    },
    "sqlite3": {"snapshots/history_index.py", "host/store.py"},
    "unidiff": {"patch/unified.py"},
    "tree_sitter": {"csource"},
    "tree_sitter_c": {"csource"},
    "bs4": {"mail/page_text.py"},
    "httpx": {"snapshots/download.py"},
}  # fmt: skip


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def modules() -> list[Path]:
    return [path for path in sorted(ROOT.rglob("*.py")) if len(path.relative_to(ROOT).parts) > 1]


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_module_imports_only_downward(path: Path) -> None:
    where = path.relative_to(ROOT)
    package = where.parts[0]
    for name in imports(path):
        top, _, rest = name.partition(".")
        if top == "patchkit" and rest:
            target = rest.partition(".")[0]
            assert target in MAY_IMPORT[package] | {package, "errors"}, f"{where} imports {name}"
        doors = ONLY_IN.get(top)
        assert doors is None or package in doors or where.as_posix() in doors, (
            f"{where} imports {name}"
        )


def test_no_module_imports_one_that_imports_it() -> None:
    """Within a package too, and in functions; what only a type checker reads does not count."""
    names = {_dotted(path): path for path in modules()}
    arrows = {name: names.keys() & _imported(path) for name, path in names.items()}
    assert "patchkit.kbuild.reproducible" in arrows["patchkit.kbuild.container"]
    list(graphlib.TopologicalSorter(arrows).static_order())


def _dotted(path: Path) -> str:
    return ".".join(("patchkit", *path.relative_to(ROOT).with_suffix("").parts))


def _imported(path: Path) -> set[str]:
    tree = ast.parse(path.read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            node.body = []
    found = {node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module}
    return {f"{node.module}.{name.name}" for node in found for name in node.names} | {
        str(node.module) for node in found
    }
