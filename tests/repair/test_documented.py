"""docs/repairs.md names every kind of repair, and none that is gone."""

from __future__ import annotations

import importlib
import pkgutil
import re
from pathlib import Path

from patchkit import repair
from patchkit.repair import hunk_counts, lost_white_space

DOCS = Path(__file__).parent.parent.parent / "docs" / "repairs.md"


def kinds() -> set[str]:
    modules = (
        importlib.import_module(f"patchkit.repair.{m.name}")
        for m in pkgutil.iter_modules(repair.__path__)
    )
    named = {module.KIND for module in modules if hasattr(module, "KIND")}
    return named | {hunk_counts.COUNTS, hunk_counts.TAIL, *lost_white_space.KINDS.values()}


def test_the_docs_name_every_kind_of_repair() -> None:
    text = DOCS.read_text()
    assert {kind for kind in kinds() if f"`{kind}`" not in text} == set()
    assert set(re.findall(r"^\| `([a-z-]+)` \|", text, re.M)) <= kinds()
