"""Golden cases of porting: a folder each; a new one needs no code.

``tree/`` is the target, ``patch`` what arrives, ``report.txt`` what is said of it, and
``result/`` the files that change (an empty ``result/`` folder can't be kept by git: none then).
A file that is deleted has its path in ``deleted.txt``. A case with a file ``ladder`` that says
``adapting`` lets hunks be adapted.
"""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath

import pytest

from patchkit.errors import InputError
from patchkit.port.ladder.table import ADAPTING, EXACT_ONLY, Ladder
from patchkit.port.outcome import SeriesReport
from patchkit.port.patch import port
from patchkit.repair.mend import mend
from patchkit.report.apply_text import as_text
from patchkit.tree.base import Mode
from patchkit.tree.overlay import File, MemoryTree

CASES = Path(__file__).parent.parent / "cases" / "port"


def files_below(folder: Path) -> dict[PurePosixPath, bytes]:
    return {
        PurePosixPath(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def ladder_of(case: Path) -> Ladder:
    named = case / "ladder"
    return {"adapting": ADAPTING}[named.read_text().strip()] if named.exists() else EXACT_ONLY


def said_and_done(case: Path) -> tuple[str, dict[PurePosixPath, bytes], list[str]]:
    """The report, the changed files, and the deleted ones."""
    files = {path: File(data) for path, data in files_below(case / "tree").items()}
    tree = MemoryTree(files, "tree")
    try:
        ported = port(mend((case / "patch").read_bytes()), tree, ladder=ladder_of(case))
    except InputError as error:
        return f"error: {error}\n", {}, []
    report = SeriesReport("tree", (ported.report,), ported.changes)
    said = as_text(report, written="not written") + "\n"
    changed = {path: file.data for path, file in ported.changes.items() if file is not None}
    modes = [
        f"{path} {file.mode.value}\n"
        for path, file in ported.changes.items()
        if file is not None and file.mode is not Mode.FILE
    ]
    deleted = [f"{path}\n" for path, file in ported.changes.items() if file is None]
    return said + "".join(modes), changed, deleted


@pytest.mark.parametrize("case", sorted(CASES.iterdir()), ids=lambda case: case.name)
def test_port_case(case: Path) -> None:
    said, changed, deleted = said_and_done(case)
    if os.environ.get("PATCHKIT_UPDATE_CASES"):  # then read the diff before it is committed
        _update(case, said, changed, deleted)
    assert said == (case / "report.txt").read_text()
    assert changed == files_below(case / "result")
    gone = case / "deleted.txt"
    assert "".join(deleted) == (gone.read_text() if gone.exists() else "")


def _update(case: Path, said: str, changed: dict[PurePosixPath, bytes], deleted: list[str]) -> None:
    (case / "report.txt").write_text(said)
    for path, data in changed.items():
        target = case / "result" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    if deleted:
        (case / "deleted.txt").write_text("".join(deleted))
