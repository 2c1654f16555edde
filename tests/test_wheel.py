"""The wheel, installed into an empty folder, brings its own inputs and finds them from anywhere."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).parent.parent


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


def test_it_applies_its_series_to_its_miniature_from_another_folder(
    installed: Path, tmp_path: Path
) -> None:
    shipped = installed / "patchkit" / "shipped"
    miniature = shipped / "kernel-snapshots" / "miniature"
    command = (str(installed / "bin" / "patchkit"), "apply", "vm-reserved", "--format", "json")
    printed = python(tmp_path, *command, "--tree", str(miniature), "--check", path=installed)
    report = json.loads(printed)
    assert report["verdict"] == "applied"
    assert report["patches"][0]["source"] == str(shipped / "patches" / "vm-reserved" / "mail.txt")


def test_it_has_the_command_and_no_tests(installed: Path, tmp_path: Path) -> None:
    command = installed / "bin" / "patchkit"
    assert python(tmp_path, str(command), "--version", path=installed).startswith("patchkit, ")
    assert not (installed / "tests").exists()
    assert (installed / "patchkit" / "py.typed").is_file()
