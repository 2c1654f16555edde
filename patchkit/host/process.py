"""The only door to other programs."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from patchkit.errors import HostError


@dataclass(frozen=True, slots=True)
class Finished:
    """A program that ran to its end. ``returncode`` is negative for a signal."""

    command: tuple[str, ...]
    returncode: int
    stdout: bytes
    stderr: bytes


def run(
    command: tuple[str, ...],
    *,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    stdin: bytes = b"",
    timeout: float | None = None,
) -> Finished:
    """Run *command* (never through a shell) and collect what it prints.

    *timeout* is in seconds.

    Raises:
        HostError: the program is not there, may not be run, or took longer than *timeout*.
    """
    try:
        done = subprocess.run(
            command,
            cwd=cwd,
            env=None if env is None else dict(env),
            input=stdin,
            capture_output=True,
            timeout=timeout,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise HostError(f"{command[0]}: no end after {timeout:g} s") from error
    except OSError as error:
        raise HostError(f"{command[0]}: {error.strerror}") from error
    return Finished(command, done.returncode, done.stdout, done.stderr)
