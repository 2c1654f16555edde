"""The wheel, installed into an empty folder, brings its own inputs and finds them from anywhere."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).parent.parent

FIND_INPUTS = """
import sys
from pathlib import Path
from patchkit.host.shipped import shipped
from patchkit.snapshots.series import find_series

for path in (*find_series("vm-reserved").mails, shipped("kernel-snapshots") / "miniature/README"):
    assert path.is_file(), path
    print(path)
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder into which the wheel of this checkout was installed, offline."""
    wheels = tmp_path_factory.mktemp("wheels")
    target = tmp_path_factory.mktemp("installed")
    python(TOP, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(wheels), str(TOP))
    (wheel,) = wheels.glob("*.whl")
    offline = ("--no-deps", "--no-index", "--no-compile", "--disable-pip-version-check")
    python(TOP, "-m", "pip", "install", "-q", *offline, "--target", str(target), str(wheel))
    return target


def python(cwd: Path, *arguments: str, path: Path | None = None) -> str:
    environment = {**os.environ, "PYTHONPATH": str(path)} if path else None
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_its_inputs_are_found_from_another_folder(installed: Path, tmp_path: Path) -> None:
    found = python(tmp_path, "-c", FIND_INPUTS, path=installed).split()
    assert len(found) == 2
    assert all(Path(name).is_relative_to(installed / "patchkit" / "shipped") for name in found)


def test_it_has_the_command_and_no_tests(installed: Path, tmp_path: Path) -> None:
    command = installed / "bin" / "patchkit"
    assert python(tmp_path, str(command), "--version", path=installed).startswith("patchkit, ")
    assert not (installed / "tests").exists()
    assert (installed / "patchkit" / "py.typed").is_file()
