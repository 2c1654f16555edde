"""``make demo`` runs the main job, and checks every outcome itself."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

TOP = Path(__file__).parent.parent


def test_the_demo_ends_as_expected() -> None:
    done = subprocess.run(
        [sys.executable, str(TOP / "demo" / "run.py")], capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    assert done.returncode == 0
    assert done.stdout.endswith("every outcome was as expected\n")


def test_the_demo_fails_where_an_outcome_is_another(tmp_path: Path) -> None:
    changed = (TOP / "demo" / "run.py").read_text().replace('"already", "conflict"', '"perfect"')
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "run.py").write_text(changed)
    for name in ("patches", "kernel-snapshots", "patchkit", "demo/drift.patch"):
        (tmp_path / name).symlink_to(TOP / name)
    done = subprocess.run(
        [sys.executable, str(tmp_path / "demo" / "run.py")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.endswith(": no word of perfect\n")
