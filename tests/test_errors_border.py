"""The border of the command line: one line on stderr, and the exit code that was promised."""

from __future__ import annotations

import subprocess
import sys


def patchkit(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "patchkit", *arguments], capture_output=True, text=True, check=False
    )


def test_version_goes_to_stdout() -> None:
    done = patchkit("--version")
    assert done.returncode == 0
    assert done.stdout.startswith("patchkit, version ")
    assert done.stderr == ""


def test_an_unknown_command_is_one_line_and_exit_2() -> None:
    done = patchkit("frobnicate")
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert "frobnicate" in done.stderr
